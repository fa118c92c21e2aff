using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Grid.Abstractions;
using Grid.Abstractions.Nodes;
using Grid.Cluster.Security;
using Grid.Node.Options;

namespace Grid.Node.Foundation;

/// <summary>A process's own folder. Whoever holds it has locked it; a process that dies loses the lock with its life.</summary>
internal sealed class DataFolder : IDisposable
{
    private static readonly JsonSerializerOptions EndpointsForm = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private const int MinKeyLength = 32;

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    /// <summary>Absolute.</summary>
    public string Path { get; }

    /// <summary>Where the process answers, while it is ready.</summary>
    public string EndpointsFile => Child("endpoints.json");

    private string PidFile => Child("grid.pid");

    /// <summary>Makes the folder where it is missing and locks it.</summary>
    /// <exception cref="NodeException">It belongs to another live process (73), or cannot be written.</exception>
    public static DataFolder Open(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            // Configurations and plans are nobody else's to read.
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var folder = new DataFolder(path, Lock(path));
            folder.Prepare();
            return folder;
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or IOException)
        {
            throw new NodeException($"The data folder {path} cannot be written (--data-dir): {fault.Message}", ExitCodes.Failed, fault);
        }
    }

    /// <summary>The key of the admin API.</summary>
    /// <exception cref="NodeException">It is too short to be a secret, as after a disk that was full.</exception>
    public string ReadAdminKey()
    {
        var key = File.ReadAllText(Child("admin.key")).Trim();
        return key.Length >= MinKeyLength
            ? key
            : throw new NodeException(
                $"The admin key in {Child("admin.key")} must have at least {MinKeyLength} characters; got {key.Length}. Delete the file to "
                + "have a new one made.", ExitCodes.Failed);
    }

    /// <summary>Publishes where the process answers; readers see the old file or the whole new one.</summary>
    public void Publish(NodeEndpoints endpoints)
    {
        var draft = EndpointsFile + ".tmp";
        File.WriteAllText(draft, JsonSerializer.Serialize(endpoints, EndpointsForm));
        File.Move(draft, EndpointsFile, overwrite: true);
    }

    public void Dispose()
    {
        File.Delete(EndpointsFile);
        File.Delete(PidFile);
        _lock.Dispose();
    }

    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault)
        {
            var pid = System.IO.Path.Combine(path, "grid.pid");
            var holder = File.Exists(pid) ? File.ReadAllText(pid).Trim() : "unknown";
            throw new NodeException(
                $"The data folder {path} belongs to the running process {holder}: stop it, or give another folder (--data-dir).",
                ExitCodes.DataFolderInUse, fault);
        }
    }

    private void Prepare()
    {
        File.WriteAllText(PidFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        File.Delete(EndpointsFile);
        Directory.CreateDirectory(Child("store"));
        Directory.CreateDirectory(Child("logs"));
        WriteAdminKey();
    }

    private void WriteAdminKey()
    {
        var file = Child("admin.key");
        if (File.Exists(file)) return;
        AtomicFile.WriteSecret(file, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
    }

    private string Child(string name) => System.IO.Path.Combine(Path, name);
}
