using Grid.Abstractions.Admin;
using Grid.Abstractions.Configuration;

namespace Grid.Cli.Operators.Configuration;

/// <summary>A difference of configurations, for people.</summary>
internal static class DiffTable
{
    public static void Write(TextWriter output, ConfigDiffView diff)
    {
        if (!diff.Changed) output.WriteLine($"No difference to configuration {diff.Version}.");
        foreach (var field in diff.Grid) output.WriteLine($"~ {field}");
        foreach (var model in diff.Models)
        {
            output.WriteLine(model.Kind switch
            {
                ModelChangeKind.Added => $"+ model {model.Name}",
                ModelChangeKind.Removed => $"- model {model.Name}",
                ModelChangeKind.Rollout => $"~ model {model.Name} (rollout)",
                _ => $"~ model {model.Name} (in place)",
            });
            foreach (var field in model.Fields) output.WriteLine($"    {field}");
        }

        foreach (var model in diff.Scaled)
            output.WriteLine($"! model {model.Name} is scaled to {model.Scaled}, its configuration says {model.Replicas}");
    }
}
