using System.Diagnostics;
using Grid.Engine.Configuration;
using Grid.Engine.Parallelism.Links;

namespace Grid.Engine.Parallelism.Processes;

/// <summary>Starts and ends processes of <c>grid shard</c>.</summary>
internal static class ShardLauncher
{
    private const string Variable = "GRID_COMMAND";

    // A process has to start the runtime before it can answer.
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The <c>grid</c> command: GRID_COMMAND, else this process's program if it is grid, else the one beside this program.
    /// </summary>
    /// <exception cref="ModelLoadException">There is no such command.</exception>
    public static (string Program, string[] Arguments) Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given) return (given, []);
        var candidates = new[] { Environment.ProcessPath, Path.Combine(AppContext.BaseDirectory, "grid") };
        var program = candidates.FirstOrDefault(path => Path.GetFileNameWithoutExtension(path) == "grid" && File.Exists(path));
        if (program is not null) return (program, []);
        var assembly = Path.Combine(AppContext.BaseDirectory, "grid.dll");
        return File.Exists(assembly)
            ? ("dotnet", [assembly])
            : throw new ModelLoadException(
                $"--distributed-executor-backend process needs the grid command: it is not beside this program, and {Variable} is not set.",
                ModelLoadFault.Layout);
    }

    /// <summary>Starts <c>grid shard</c>.</summary>
    /// <param name="arguments">The arguments of the verb.</param>
    /// <exception cref="IOException">The process cannot be started.</exception>
    public static Process Start(params string[] arguments)
    {
        var command = Find();
        var start = new ProcessStartInfo(command.Program, [.. command.Arguments, "shard", .. arguments]) { RedirectStandardInput = true };
        return Process.Start(start) ?? throw new IOException($"{command.Program} did not start.");
    }

    /// <summary>Waits for a started process to connect.</summary>
    /// <exception cref="IOException">It did not connect in time.</exception>
    public static FrameLink Accept(UnixTransport driver, string name)
    {
        var stream = driver.Accept(StartTimeout);
        // Only a start has a deadline here: the driver waits for steps as long as they take, and shards have deadlines for each other.
        stream.ReadTimeout = Timeout.Infinite;
        return new FrameLink(stream, epoch: 0, name);
    }

    /// <summary>Kills a process.</summary>
    public static void End(Process process)
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }

    /// <summary>Waits for a process that was asked to end, and kills it if it hangs.</summary>
    public static void WaitForExit(Process process)
    {
        if (!process.WaitForExit(TimeSpan.FromSeconds(5))) process.Kill();
        process.Dispose();
    }
}
