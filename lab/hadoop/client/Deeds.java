package wardline.lab;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.qjournal.protocolPB.QJournalProtocolPB;
import org.apache.hadoop.hdfs.qjournal.protocolPB.QJournalProtocolTranslatorPB;
import org.apache.hadoop.ipc.ProtobufRpcEngine2;
import org.apache.hadoop.ipc.RPC;
import org.apache.hadoop.net.NetUtils;

/** What can be tried. Each deed says in a few words what came of it, and throws when it is refused. */
interface Deeds {
    String on(Configuration settings, String object) throws Exception;

    static Deeds of(String verb) {
        switch (verb) {
            case "list":
                return Deeds::list;
            case "read":
                return Deeds::read;
            case "create":
                return Deeds::create;
            case "ask-journal":
                return Deeds::askJournal;
            case "open-keystore":
                return Deeds::openKeystore;
            case "fill":
                return Fill::fill;
            default:
                throw new IllegalArgumentException("no deed " + verb);
        }
    }

    /** A connection of its own, so that no earlier deed's login or settings are used again. */
    static FileSystem connect(Configuration settings) throws IOException {
        return FileSystem.newInstance(settings);
    }

    static String list(Configuration settings, String directory) throws IOException {
        FileStatus[] entries = connect(settings).listStatus(new Path(directory));
        return entries.length + " entries, the first is " + entries[0].getPath().getName();
    }

    static String read(Configuration settings, String file) throws IOException {
        byte[] text = new byte[1 << 20];
        int length = 0;
        try (FSDataInputStream in = connect(settings).open(new Path(file))) {
            for (int read = 0; read >= 0 && length < text.length; length += Math.max(read, 0)) {
                read = in.read(text, length, text.length - length);
            }
        }
        String start = new String(text, 0, Math.min(length, 24), StandardCharsets.ISO_8859_1);
        return length + " bytes, the first are " + start.replaceAll("[^ -~]", "?");
    }

    static String create(Configuration settings, String file) throws IOException {
        FileSystem files = connect(settings);
        Fill.write(files, file, 1);
        return "mode " + files.getFileStatus(new Path(file)).getPermission();
    }

    /** A question of the NameNodes' own protocol that changes nothing: is the journal formatted? */
    static String askJournal(Configuration settings, String address) throws IOException {
        InetSocketAddress journal = NetUtils.createSocketAddr(address);
        RPC.setProtocolEngine(settings, QJournalProtocolPB.class, ProtobufRpcEngine2.class);
        QJournalProtocolPB proxy = RPC.getProxy(
                QJournalProtocolPB.class, RPC.getProtocolVersion(QJournalProtocolPB.class), journal, settings);
        return "formatted: " + new QJournalProtocolTranslatorPB(proxy).isFormatted("lab", null);
    }

    /** Opens a key store of the KMS with the password that Hadoop takes when none is set. */
    static String openKeystore(Configuration settings, String file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("jceks");
        try (InputStream in = new FileInputStream(file)) {
            store.load(in, "none".toCharArray());
        }
        return store.size() + " entries";
    }
}
