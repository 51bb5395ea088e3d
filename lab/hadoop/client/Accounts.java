package wardline.lab;

import java.io.IOException;
import java.security.PrivilegedExceptionAction;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.security.UserGroupInformation;

/** The users of the lab: logged in by keytab where the cluster wants proof, else by their bare names. */
final class Accounts {
    private final String keytabs;
    private final Map<String, UserGroupInformation> known = new HashMap<>();

    /** @param keytabs the directory of the keytabs, or "-" to claim names */
    Accounts(String keytabs) {
        this.keytabs = keytabs;
    }

    /** Acts as a user. {@code httpfs>bob} is httpfs acting for bob. */
    <T> T act(String user, PrivilegedExceptionAction<T> deed) throws IOException, InterruptedException {
        return account(user).doAs(deed);
    }

    private UserGroupInformation account(String user) throws IOException {
        UserGroupInformation account = known.get(user);
        if (account == null) {
            account = logIn(user);
            known.put(user, account);
        }
        return account;
    }

    private UserGroupInformation logIn(String user) throws IOException {
        int arrow = user.indexOf('>');
        if (arrow >= 0) {
            return UserGroupInformation.createProxyUser(user.substring(arrow + 1), account(user.substring(0, arrow)));
        }
        if (keytabs.equals("-")) {
            return UserGroupInformation.createRemoteUser(user);
        }
        // Services have a host in their names, people have none.
        String principal = user.equals("httpfs") ? user + "/gw1.lab.test" : user;
        return UserGroupInformation.loginUserFromKeytabAndReturnUGI(principal, keytabs + "/" + user + ".keytab");
    }
}
