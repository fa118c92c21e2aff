namespace Grid.Gateway.Tests.Fakes;

/// <summary>What a fake silo does to a call.</summary>
internal sealed record FakePlan
{
    /// <summary>The whole answer.</summary>
    public static FakePlan Answer { get; } = new();

    /// <summary>So many bytes of the body, and then the end.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Whether a cut stream ends in order instead of by a broken connection.</summary>
    public bool EndsInOrder { get; init; }

    /// <summary>So many bytes of the body, and then nothing more.</summary>
    public int? StallAfter { get; init; }

    /// <summary>Events without end instead of an answer.</summary>
    public bool Floods { get; init; }

    /// <summary>So many events, and then none until <see cref="Release"/>.</summary>
    public int? PauseAfter { get; init; }

    /// <summary>Ends the pause.</summary>
    public Task Release { get; init; } = Task.CompletedTask;

    /// <summary>The progress that heartbeats tell in the pause; null: there are none.</summary>
    public Func<long>? Beat { get; init; }

    /// <summary>So many events, and then a hand-over.</summary>
    public int? HandOverAfter { get; init; }

    /// <summary>A status instead of an answer.</summary>
    public int? Status { get; init; }

    /// <summary>Body of <see cref="Status"/>.</summary>
    public string Error { get; init; } = """{"error":{"message":"no","type":"server_error","param":null,"code":null}}""";

    /// <summary>Header of <see cref="Status"/>.</summary>
    public (string Name, string Value)? Header { get; init; }

    /// <summary>Awaited before the answer.</summary>
    public Task Before { get; init; } = Task.CompletedTask;

    /// <summary>Keep-alives between the events.</summary>
    public bool Pings { get; init; }

    public int CachedTokens { get; init; }
}
