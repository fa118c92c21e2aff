using System.Globalization;

namespace Grid.Engine.Parallelism.DataPlane;

/// <summary>A temporary folder with the sockets of processes that belong together.</summary>
internal sealed class ShardFolder : IDisposable
{
    private const string DriverName = "driver";

    /// <summary>The folder.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("grid-shards-").FullName;

    /// <summary>Where those who were started find who started them.</summary>
    public string Driver => DriverOf(Path);

    /// <summary>Where a shard listens.</summary>
    public string Of(int shard) => SocketOf(Path, shard);

    /// <inheritdoc cref="Driver"/>
    public static string DriverOf(string folder) => System.IO.Path.Combine(folder, DriverName);

    /// <inheritdoc cref="Of"/>
    public static string SocketOf(string folder, int shard) => System.IO.Path.Combine(folder, shard.ToString(CultureInfo.InvariantCulture));

    /// <summary>Removes a folder that nobody uses any more: whoever started these processes may have been killed.</summary>
    public static void Leave(string folder)
    {
        try
        {
            Directory.Delete(folder);
        }
        catch (IOException)
        {
            // Others are in it, or have removed it.
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
            // The last process that left has removed it.
        }
    }
}
