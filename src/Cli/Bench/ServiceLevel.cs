using System.Globalization;
using Grid.Cli.CommandLine;

namespace Grid.Cli.Bench;

/// <summary>The objectives of <c>--goodput</c> in milliseconds, at most one per measure; null where any value is good enough.</summary>
internal sealed record ServiceLevel(double? Ttft, double? Tpot, double? E2el)
{
    /// <summary>Reads <c>ttft:200 tpot:50 e2el:3000</c>; null for no words.</summary>
    public static ServiceLevel? Parse(IReadOnlyList<string> words)
    {
        if (words.Count == 0) return null;
        var level = new ServiceLevel(null, null, null);
        foreach (var word in words.SelectMany(word => word.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            var parts = word.Split(':');
            if (parts.Length != 2
                || !double.TryParse(parts[1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var limit))
                throw Fault(word);
            level = parts[0] switch
            {
                "ttft" => level with { Ttft = limit },
                "tpot" => level with { Tpot = limit },
                "e2el" => level with { E2el = limit },
                _ => throw Fault(word),
            };
        }

        return level;
    }

    public bool IsMetBy(RequestOutcome outcome) =>
        outcome.TimeToFirstToken * 1000 <= (Ttft ?? double.PositiveInfinity)
        && outcome.TimePerOutputToken * 1000 <= (Tpot ?? double.PositiveInfinity)
        && outcome.Latency * 1000 <= (E2el ?? double.PositiveInfinity);

    private static CommandException Fault(string word) => new($"--goodput must be of the form ttft:MS, tpot:MS or e2el:MS; got '{word}'.");
}
