using System.Runtime.InteropServices;

namespace Grid.Engine.Requests;

/// <summary>
/// What drawing the next token of one request needs to know of its tokens. It follows from the request alone,
/// so it can be rebuilt at any point of the output. Used by one thread at a time.
/// </summary>
internal sealed class SamplingState
{
    // Below this vLLM calls a temperature greedy.
    private const double GreedyTemperature = 1e-5;

    private const int PresizedCounts = 1024;

    private readonly Dictionary<int, int>? _outputCounts;
    private readonly int[] _tail;
    private int _tailLength;

    /// <summary>The state after the prompt and the replayed tokens of <paramref name="request"/>.</summary>
    public SamplingState(EngineRequest request)
        : this(request, request.ReplayedTokenIds)
    {
    }

    /// <summary>The state after the prompt and <paramref name="outputTokenIds"/>, replayed tokens included.</summary>
    public SamplingState(EngineRequest request, ReadOnlySpan<int> outputTokenIds)
    {
        var sampling = request.Sampling;
        Request = request;
        Seed = sampling.Seed
            ?? throw new ArgumentException($"Request {request.Id} must have a seed; got none. It is drawn when a request is accepted.",
                nameof(request));
        IsGreedy = sampling.Temperature < GreedyTemperature;
        StopIds = sampling.MinTokens > 0 ? [.. sampling.StopTokenIds.Union(request.EosTokenIds)] : [];
        Biases = [.. sampling.LogitBias ?? new Dictionary<int, float>()];
        AllowedTokens = sampling.AllowedTokenIds is { } allowed ? new TokenMask(allowed) : null;
        BadWords = [.. request.BadWordsTokenIds.Where(word => word.Length > 0)];
        _tail = new int[BadWords.Select(word => word.Length - 1).DefaultIfEmpty(0).Max()];
        HasPenalties = sampling.RepetitionPenalty != 1 || sampling.FrequencyPenalty != 0 || sampling.PresencePenalty != 0;
        if (HasPenalties)
        {
            _outputCounts = [];
            if (sampling.RepetitionPenalty != 1)
                foreach (var id in request.PromptTokenIds) _outputCounts.TryAdd(id, 0);
            _outputCounts.EnsureCapacity(_outputCounts.Count + Math.Min(sampling.MaxTokens ?? 0, PresizedCounts));
        }

        foreach (var id in outputTokenIds) Append(id);
    }

    /// <summary>What was asked.</summary>
    public EngineRequest Request { get; }

    /// <summary>Output tokens so far: the index of the token to draw.</summary>
    public int NumOutputTokens { get; private set; }

    internal long Seed { get; }

    internal bool IsGreedy { get; }

    internal bool HasPenalties { get; }

    /// <summary>Whether the next token's logits differ from the model's, a mask aside.</summary>
    internal bool ChangesLogits =>
        HasPenalties || BansStopIds || Biases.Length > 0 || BadWords.Length > 0;

    internal bool BansStopIds => NumOutputTokens < Request.Sampling.MinTokens;

    internal KeyValuePair<int, float>[] Biases { get; }

    /// <summary>The ids of <c>allowed_token_ids</c>; null: all may be drawn.</summary>
    internal TokenMask? AllowedTokens { get; }

    internal int[][] BadWords { get; }

    /// <summary>EOS and stop ids, which may not be drawn before <c>min_tokens</c>.</summary>
    internal int[] StopIds { get; }

    /// <summary>Ids that penalties apply to, with their counts in the output; ids of the prompt alone have 0.</summary>
    internal Dictionary<int, int> OutputCounts =>
        _outputCounts ?? throw new InvalidOperationException("Counts are kept only for requests with penalties.");

    /// <summary>Adds a token of the output.</summary>
    public void Append(int tokenId)
    {
        NumOutputTokens++;
        if (_outputCounts is not null) CollectionsMarshal.GetValueRefOrAddDefault(_outputCounts, tokenId, out _)++;
        if (_tail.Length == 0) return;

        if (_tailLength == _tail.Length) Array.Copy(_tail, 1, _tail, 0, --_tailLength);
        _tail[_tailLength++] = tokenId;
    }

    /// <summary>Whether the last id of <paramref name="badWord"/> would complete it now.</summary>
    internal bool Completes(int[] badWord)
    {
        var prefix = badWord.AsSpan(0, badWord.Length - 1);
        return _tail.AsSpan(0, _tailLength).EndsWith(prefix);
    }
}
