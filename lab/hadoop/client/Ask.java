package wardline.lab;

import java.lang.reflect.UndeclaredThrowableException;
import java.security.PrivilegedActionException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.security.UserGroupInformation;

/**
 * Tries deeds on a cluster, one after the other, as different users.
 *
 * <p>Arguments: the directory of the keytabs ("-" to claim names), then one argument a deed: its id, the user, the verb,
 * its object, and any number of settings {@code key=value}, all separated by tabs. Prints a line for each: the word
 * {@code answer}, its id, {@code done} or {@code refused}, and what came of it, separated by tabs.
 */
public final class Ask {
    private Ask() {}

    public static void main(String[] arguments) {
        boolean isClaim = arguments[0].equals("-");
        UserGroupInformation.setConfiguration(settings(isClaim));
        Accounts accounts = new Accounts(arguments[0]);
        for (int at = 1; at < arguments.length; at++) {
            String[] words = arguments[at].split("\t");
            System.out.println("answer\t" + words[0] + "\t" + attempt(accounts, settings(isClaim), words).replace('\n', ' '));
        }
        // Hadoop leaves threads behind.
        System.exit(0);
    }

    private static String attempt(Accounts accounts, Configuration settings, String[] words) {
        // Else connections to DataNodes and to the KMS are shared, and with them who is at the other end.
        settings.set("dfs.client.context", words[0]);
        for (int at = 4; at < words.length; at++) {
            String[] setting = words[at].split("=", 2);
            settings.set(setting[0], setting[1]);
        }
        try {
            return "done\t" + accounts.act(words[1], () -> Deeds.of(words[2]).on(settings, words[3]));
        } catch (Throwable error) {
            Throwable cause = cause(error);
            return "refused\t" + cause.getClass().getSimpleName() + ": " + firstLine(cause.getMessage());
        }
    }

    /** Who claims a name does not log in. A refusal is an answer here, so nothing is tried again. */
    private static Configuration settings(boolean isClaim) {
        Configuration settings = new HdfsConfiguration();
        if (isClaim) {
            settings.set("hadoop.security.authentication", "simple");
        }
        settings.setInt("ipc.client.connect.max.retries", 0);
        settings.setInt("ipc.client.connect.max.retries.on.sasl", 0);
        settings.setInt("dfs.client.max.block.acquire.failures", 0);
        settings.setInt("dfs.client.retry.window.base", 1);
        settings.setBoolean("dfs.client.retry.policy.enabled", false);
        return settings;
    }

    private static Throwable cause(Throwable error) {
        boolean isWrapper = error instanceof UndeclaredThrowableException || error instanceof PrivilegedActionException;
        return isWrapper && error.getCause() != null ? cause(error.getCause()) : error;
    }

    private static String firstLine(String message) {
        return message == null ? "" : message.split("\n")[0];
    }
}
