package wardline.lab;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.crypto.key.KeyProvider;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.AclEntry;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.client.CreateEncryptionZoneFlag;
import org.apache.hadoop.hdfs.client.HdfsAdmin;
import org.apache.hadoop.hdfs.protocol.HdfsConstants.SafeModeAction;
import org.apache.hadoop.util.KMSUtil;

/**
 * Puts data into an empty cluster. Each step is for one user, and the lab takes them in this order: {@code key} for the
 * key administrator, {@code directories} for the superuser, {@code files} and a number of small ones for alice,
 * {@code image} for the superuser.
 */
final class Fill {
    private static final String KEY = "zonekey";
    /** Enough to keep NameNode and DataNode busy, and no more than they have handlers for. */
    private static final int WRITERS = 8;

    private Fill() {}

    static String fill(Configuration settings, String step) throws Exception {
        switch (step) {
            case "key":
                return key(settings);
            case "directories":
                return directories(settings);
            case "files":
                return files(settings);
            case "image":
                return image(settings);
            default:
                return many(settings, Integer.parseInt(step));
        }
    }

    private static String key(Configuration settings) throws Exception {
        KeyProvider keys = KMSUtil.createKeyProvider(settings, "hadoop.security.key.provider.path");
        KeyProvider.Options options = KeyProvider.options(settings);
        options.setBitLength(128);
        return keys.createKey(KEY, options).getVersionName();
    }

    private static String directories(Configuration settings) throws IOException {
        DistributedFileSystem files = (DistributedFileSystem) FileSystem.newInstance(settings);
        directory(files, "/data", "hdfs", "supergroup", 0755);
        directory(files, "/data/private", "alice", "analysts", 0750);
        directory(files, "/data/shared", "alice", "analysts", 0755);
        directory(files, "/user", "hdfs", "supergroup", 0755);
        directory(files, "/user/alice", "alice", "analysts", 0755);
        directory(files, "/user/bob", "bob", "interns", 0755);
        directory(files, "/tmp", "hdfs", "supergroup", 01777);
        directory(files, "/zone", "alice", "analysts", 0750);
        new HdfsAdmin(FileSystem.getDefaultUri(settings), settings)
                .createEncryptionZone(new Path("/zone"), KEY, EnumSet.noneOf(CreateEncryptionZoneFlag.class));
        return "made, /zone is an encryption zone";
    }

    private static void directory(FileSystem files, String name, String owner, String group, int mode)
            throws IOException {
        Path path = new Path(name);
        files.mkdirs(path);
        files.setPermission(path, new FsPermission((short) mode));
        files.setOwner(path, owner, group);
    }

    private static String files(Configuration settings) throws IOException {
        FileSystem files = FileSystem.newInstance(settings);
        write(files, "/data/private/salaries.csv", 400);
        write(files, "/data/shared/report.csv", 400);
        write(files, "/zone/patients.csv", 400);
        Path report = new Path("/data/shared/report.csv");
        files.modifyAclEntries(report, AclEntry.parseAclSpec("user:bob:r--", true));
        files.setXAttr(report, "user.label", "confidential".getBytes(StandardCharsets.UTF_8));
        return "3 files";
    }

    /** Many small files. */
    private static String many(Configuration settings, int count) throws Exception {
        FileSystem files = FileSystem.newInstance(settings);
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        List<Future<?>> written = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            int own = number;
            written.add(writers.submit(() -> one(files, own)));
        }
        try {
            for (Future<?> file : written) {
                file.get();
            }
        } catch (ExecutionException error) {
            throw new IOException(error.getCause());
        } finally {
            writers.shutdownNow();
        }
        return count + " files";
    }

    /**
     * Every tenth file is in the zone, every tenth has an access list, every eighth has content. The others are empty, as
     * the marks that jobs leave behind: a block costs several times what its name costs.
     */
    private static Void one(FileSystem files, int number) throws IOException {
        String clear = number % 2 == 0 ? "/data/private" : "/data/shared";
        String home = number % 10 == 0 ? "/zone" : clear;
        String file = home + "/day-" + number / 100 + "/part-" + number;
        write(files, file, number % 8 == 0 ? 2 : 0);
        if (number % 10 == 5) {
            files.modifyAclEntries(new Path(file), AclEntry.parseAclSpec("user:bob:r--", true));
        }
        return null;
    }

    /** Writes the name space to disk, so that the image on disk holds what was filled in. */
    private static String image(Configuration settings) throws IOException {
        DistributedFileSystem files = (DistributedFileSystem) FileSystem.newInstance(settings);
        files.setSafeMode(SafeModeAction.SAFEMODE_ENTER);
        try {
            files.saveNamespace();
        } finally {
            files.setSafeMode(SafeModeAction.SAFEMODE_LEAVE);
        }
        return "saved";
    }

    /** A text that can be found again wherever it passes: the file's own name, over and over. */
    static void write(FileSystem files, String file, int lines) throws IOException {
        byte[] line = ("content of " + file + "\n").getBytes(StandardCharsets.UTF_8);
        try (OutputStream out = files.create(new Path(file), true)) {
            for (int number = 0; number < lines; number++) {
                out.write(line);
            }
        }
    }
}
