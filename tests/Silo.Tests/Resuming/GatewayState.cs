using System.Text.Json;
using Grid.Abstractions.Http;

namespace Grid.Silo.Tests.Resuming;

/// <summary>What a gateway knows of a request after some events, and what its client has.</summary>
/// <param name="path">Route of the request.</param>
/// <param name="body">Of the request.</param>
internal sealed class GatewayState(string path, JsonElement body)
{
    public const long Seed = 4242;
    public const long Created = 1_700_000_000;
    public const string RequestId = "resumed-1";

    private readonly SortedDictionary<int, Choice> _choices = [];

    /// <summary>Data that the client was given, in order.</summary>
    public List<string> Data { get; } = [];

    public string? HandOver { get; private set; }

    /// <summary>Whether the first rank told what its prefix cache held.</summary>
    public bool KnowsCachedTokens => _choices.TryGetValue(0, out var first) && first.Extra.Any(extra => extra.TryGetProperty("k", out _));

    public int[] TokensOf(int choice) => _choices.TryGetValue(choice, out var found) ? [.. found.Tokens] : [];

    public string? FinishOf(int choice) => _choices.GetValueOrDefault(choice)?.Finish;

    public GatewayState Take(IEnumerable<AttemptEvent> events)
    {
        foreach (var item in events) Take(item);
        return this;
    }

    public ResumeRequest ToResume(int attempt, int numChoices) => new(
        path, body, RequestId, Created, Seed, attempt, 0,
        [.. Enumerable.Range(0, numChoices).Select(index => (_choices.GetValueOrDefault(index) ?? new Choice()).ToResume())]);

    private void Take(AttemptEvent item)
    {
        if (item.Data is not null) Data.Add(item.Data);
        if (item.Progress is not { } progress) return;
        HandOver = progress.HandOver ?? HandOver;
        if (!_choices.TryGetValue(progress.Choice, out var choice)) _choices[progress.Choice] = choice = new Choice();
        Assert.Equal(choice.Tokens.Count, progress.Index);
        Assert.True(progress.Bytes >= choice.Bytes);
        choice.Tokens.AddRange(progress.Tokens);
        choice.Bytes = progress.Bytes;
        choice.Finish = progress.Finish ?? choice.Finish;
        choice.Opened |= item.Data is not null;
        if (progress.Extra is { } extra) choice.Extra.Add(extra);
    }

    private sealed class Choice
    {
        public List<int> Tokens { get; } = [];

        public int Bytes { get; set; }

        public string? Finish { get; set; }

        public bool Opened { get; set; }

        public List<JsonElement> Extra { get; } = [];

        public ResumeChoice ToResume() => new([.. Tokens], Bytes, Finish, Opened, [.. Extra]);
    }
}
