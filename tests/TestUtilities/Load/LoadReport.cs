using System.Globalization;

namespace Grid.TestUtilities.Load;

/// <summary>What became of a load.</summary>
/// <param name="Outcomes">One a request.</param>
/// <param name="Sent">Requests sent.</param>
/// <param name="Elapsed">From the first to the last.</param>
public sealed record LoadReport(LoadOutcome[] Outcomes, int Sent, TimeSpan Elapsed)
{
    private const int FaultsShown = 8;

    /// <summary>Answers that are as the unbroken run.</summary>
    public int Ok => Outcomes.Count(outcome => outcome.Fault is null);

    /// <summary>All others.</summary>
    public int Failed => Outcomes.Length - Ok;

    /// <summary>Requests that the client sent more than once.</summary>
    public int Retried => Outcomes.Count(outcome => outcome.Tries > 1);

    /// <summary>The longest gap between two events of one stream that a share of the streams do not exceed.</summary>
    /// <param name="share">0.5 for the median; 1 for the longest of all.</param>
    public TimeSpan Gap(double share)
    {
        var gaps = Outcomes.Where(outcome => outcome.IsStream && outcome.Fault is null).Select(outcome => outcome.LongestGap).Order()
            .ToArray();
        return gaps.Length == 0 ? TimeSpan.Zero : gaps[Math.Max(0, (int)Math.Ceiling(share * gaps.Length) - 1)];
    }

    /// <summary>The counts, the gaps, and the first faults.</summary>
    /// <param name="resumed">Streams that were cut or handed over and went on, as the gateways count them.</param>
    /// <param name="cpu">CPU time of the grid's processes.</param>
    public string Tell(long resumed, TimeSpan cpu)
    {
        var counts = string.Create(CultureInfo.InvariantCulture,
            $"sent {Sent} = ok {Ok} + failed {Failed}; resumed {resumed}, retried by the client {Retried}; longest gap p50 "
            + $"{Gap(0.5).TotalMilliseconds:0} ms, p99 {Gap(0.99).TotalMilliseconds:0} ms, max {Gap(1).TotalMilliseconds:0} ms; "
            + $"{Elapsed.TotalSeconds:0.0} s, CPU of the grid {cpu.TotalSeconds:0.0} s");
        var faults = Outcomes.Where(outcome => outcome.Fault is not null).Take(FaultsShown)
            .Select(outcome => string.Create(CultureInfo.InvariantCulture,
                $"\n  request {outcome.Number} (try {outcome.Tries}): {outcome.Fault}"));
        return counts + string.Concat(faults);
    }
}
