namespace Grid.Primitives.Options;

/// <summary>The rules that engine options obey whatever the model.</summary>
public static class EngineOptionRules
{
    /// <summary>All faults of the options.</summary>
    /// <param name="options">What somebody asks for, on the command line, in grid.yaml or in code.</param>
    public static IEnumerable<OptionFault> Find(EngineOptions options)
    {
        foreach (var row in EngineOptionTable.Rows)
        {
            if (row.TextOf(options) is { } text && !row.TrySet(options, text, out _))
                yield return new OptionFault(row, row.Fault(row.Flag, text));
            else if (row.UnsupportedFault(options) is { } unsupported) yield return new OptionFault(row, unsupported);
        }

        if (options is { EnforceEager: true, Runner: not (RunnerKind.Auto or RunnerKind.Eager) })
        {
            var runner = EngineChoices.Runners.NameOf(options.Runner);
            yield return new OptionFault(
                EngineOptionTable.Row("enforce-eager"), $"--enforce-eager must be combined with --runner auto or eager; got '{runner}'.");
        }
    }
}

/// <summary>A rule that engine options break.</summary>
/// <param name="Option">The option to change.</param>
public sealed record OptionFault(EngineOption Option, string Message);
