namespace Grid.Grains.Tests.Simulation;

/// <summary>Delays, drops, doubles and reorders messages, until it is healed.</summary>
internal sealed class SimNetwork(SimClock clock, Random random)
{
    private const long CallTimeout = 1000;

    public bool Healed { get; set; }

    /// <summary>Messages sent so far, by kind; a call counts twice, with its answer.</summary>
    public SortedDictionary<string, long> Messages { get; } = new(StringComparer.Ordinal);

    public void Send(string kind, Action deliver)
    {
        Messages[kind] = Messages.GetValueOrDefault(kind) + 1;
        if (!Healed && random.NextDouble() < 0.03) return;
        clock.After(Delay(), deliver);
        if (!Healed && random.NextDouble() < 0.03) clock.After(Delay(), deliver);
    }

    /// <summary>A call and its answer: either may get lost, and then the caller sees a timeout.</summary>
    public void Call<T>(string kind, Func<T> call, Action<T> answered, Action? timedOut = null)
    {
        var done = false;
        Send(kind, () =>
        {
            var answer = call();
            Send($"{kind}, answer", () =>
            {
                if (done) return;
                done = true;
                answered(answer);
            });
        });
        if (timedOut is null) return;
        clock.After(CallTimeout, () =>
        {
            if (done) return;
            done = true;
            timedOut();
        });
    }

    private long Delay() => Healed || random.NextDouble() < 0.95 ? random.Next(1, 20) : random.Next(20, 2500);
}
