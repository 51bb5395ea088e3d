package wardline.lab;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.server.namenode.NameNode;
import org.apache.hadoop.metrics2.lib.DefaultMetricsSystem;
import org.apache.hadoop.util.ExitUtil;

/** A NameNode that formats its directories and starts, in one process where the administrator's way takes two. */
public final class FreshNameNode {
    private FreshNameNode() {}

    public static void main(String[] arguments) {
        try {
            // Formatting and starting each register metrics of the same names.
            DefaultMetricsSystem.setMiniClusterMode(true);
            Configuration settings = new HdfsConfiguration();
            NameNode.format(settings);
            NameNode.createNameNode(new String[0], settings).join();
        } catch (Throwable error) {
            // Threads that were started already would keep the process.
            ExitUtil.terminate(1, error);
        }
    }
}
