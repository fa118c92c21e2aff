namespace Grid.Engine.Parallelism.DataPlane;

/// <summary>How to start another process of this program.</summary>
internal static class ShardCommand
{
    private const string Variable = "GRID_COMMAND";

    /// <summary>The <c>grid</c> command: GRID_COMMAND, else this process where it is one, else the one beside this program.</summary>
    /// <exception cref="ModelLoadException">There is none.</exception>
    public static (string Program, string[] Arguments) Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given) return (given, []);
        var candidates = new[] { Environment.ProcessPath, Path.Combine(AppContext.BaseDirectory, "grid") };
        var program = candidates.FirstOrDefault(path => Path.GetFileNameWithoutExtension(path) == "grid" && File.Exists(path));
        if (program is not null) return (program, []);
        var assembly = Path.Combine(AppContext.BaseDirectory, "grid.dll");
        return File.Exists(assembly)
            ? ("dotnet", [assembly])
            : throw new ModelLoadException($"--distributed-executor-backend process needs the grid command: it is not beside this program, and {Variable} does not name it.", ModelLoadFault.Layout);
    }
}
