using Grid.Abstractions;
using Grid.Engine.Configuration;

namespace Grid.Node.Roles;

/// <summary>What a process returns when a model cannot be loaded.</summary>
public static class LoadFaults
{
    /// <summary>The exit code of a kind of fault.</summary>
    public static int ExitCodeOf(ModelLoadFault fault) => fault switch
    {
        ModelLoadFault.Layout => ExitCodes.Usage,
        ModelLoadFault.NotFound => ExitCodes.NotFound,
        ModelLoadFault.DoesNotFit => ExitCodes.Refused,
        _ => ExitCodes.Failed,
    };
}
