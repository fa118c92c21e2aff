namespace Grid.Cli.Bench;

/// <summary>What a serving benchmark says of all its requests together, with vLLM's definitions.</summary>
internal sealed record ServeStatistics
{
    public required int Completed { get; init; }

    public required int Failed { get; init; }

    /// <summary>Seconds from the first request to the last answer.</summary>
    public required double Duration { get; init; }

    public required int TotalInputTokens { get; init; }

    public required int TotalOutputTokens { get; init; }

    /// <summary>Requests a second that meet every objective; null without objectives.</summary>
    public required double? RequestGoodput { get; init; }

    public required Distribution TimeToFirstToken { get; init; }

    /// <summary>One value a request of at least two tokens.</summary>
    public required Distribution TimePerOutputToken { get; init; }

    /// <summary>The gaps of all requests, pooled.</summary>
    public required Distribution InterTokenLatency { get; init; }

    public required Distribution EndToEndLatency { get; init; }

    public double RequestThroughput => Rate(Completed);

    public double OutputThroughput => Rate(TotalOutputTokens);

    public double TotalTokenThroughput => Rate(TotalInputTokens + TotalOutputTokens);

    /// <summary>Sums up outcomes; failed requests count as failed and nowhere else.</summary>
    /// <param name="outcomes">The outcomes of all requests.</param>
    /// <param name="duration">Seconds from the first request to the last answer.</param>
    /// <param name="objectives">The objectives of <c>--goodput</c>, or null.</param>
    public static ServeStatistics Of(IReadOnlyList<RequestOutcome> outcomes, double duration, ServiceLevel? objectives)
    {
        var good = outcomes.Where(outcome => outcome.Succeeded).ToArray();
        return new ServeStatistics
        {
            Completed = good.Length,
            Failed = outcomes.Count - good.Length,
            Duration = duration,
            TotalInputTokens = good.Sum(outcome => outcome.PromptTokens),
            TotalOutputTokens = good.Sum(outcome => outcome.OutputTokens),
            RequestGoodput = objectives is null ? null : duration > 0 ? good.Count(objectives.IsMetBy) / duration : 0,
            TimeToFirstToken = new Distribution(good.Select(outcome => outcome.TimeToFirstToken)),
            TimePerOutputToken =
                new Distribution(good.Where(outcome => outcome.OutputTokens > 1).Select(outcome => outcome.TimePerOutputToken)),
            InterTokenLatency = new Distribution(good.SelectMany(outcome => outcome.InterTokenLatencies)),
            EndToEndLatency = new Distribution(good.Select(outcome => outcome.Latency)),
        };
    }

    private double Rate(int count) => Duration > 0 ? count / Duration : 0;
}
