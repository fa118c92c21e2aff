using System.Globalization;

namespace Grid.Engine.Parallelism.Processes;

/// <summary>A temporary folder for the sockets of processes that belong together.</summary>
internal sealed class SocketFolder : IDisposable
{
    private const string DriverName = "driver";

    /// <summary>The path of the folder.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("grid-shards-").FullName;

    /// <summary>The socket on which the process that started the others listens for them.</summary>
    public string Driver => DriverOf(Path);

    /// <summary>The socket on which a shard listens.</summary>
    public string Of(int shard) => SocketOf(Path, shard);

    /// <inheritdoc cref="Driver"/>
    public static string DriverOf(string folder) => System.IO.Path.Combine(folder, DriverName);

    /// <inheritdoc cref="Of"/>
    public static string SocketOf(string folder, int shard) =>
        System.IO.Path.Combine(folder, shard.ToString(CultureInfo.InvariantCulture));

    /// <summary>Deletes the folder if it is empty: the process that created it may have been killed.</summary>
    public static void DeleteIfEmpty(string folder)
    {
        try
        {
            Directory.Delete(folder);
        }
        catch (IOException)
        {
            // Others still use it, or have deleted it.
        }
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // The last process that used it has deleted it.
        }
    }
}
