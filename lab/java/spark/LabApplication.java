import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;

/**
 * An application that shuffles lines holding a marker, says that it is ready, and stays until it is told to end. While it
 * stays, its user interface, its ports and its files on disk can be looked at.
 *
 * <p>Arguments: the file to make when ready, the file whose appearance ends it.
 */
public final class LabApplication {
  private static final String MARKER = "wardline-lab-clear-marker";
  private static final int LINES = 2000;

  private LabApplication() {}

  public static void main(String[] arguments) throws Exception {
    Path ready = Path.of(arguments[0]);
    Path end = Path.of(arguments[1]);
    List<String> lines = new ArrayList<>();
    for (int line = 0; line < LINES; line++) {
      lines.add(MARKER + "-" + line);
    }
    try (JavaSparkContext context = new JavaSparkContext(new SparkConf().setAppName("wardline-lab"))) {
      JavaPairRDD<Integer, Iterable<String>> groups =
          context
              .parallelize(lines, 2)
              .mapToPair(line -> new Tuple2<>(line.hashCode() % 8, line))
              .groupByKey(2);
      Files.writeString(ready, Long.toString(groups.count()));
      while (!Files.exists(end)) {
        Thread.sleep(50);
      }
      // Spark removes shuffle files when the garbage collector finds that nobody refers to their data.
      Reference.reachabilityFence(groups);
    }
  }
}
