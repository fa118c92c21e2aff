using Grid.Engine.KVCache;

namespace Grid.Engine.Requests;

/// <summary>The living state of an <see cref="EngineRequest"/> inside the engine's thread.</summary>
internal sealed class Request
{
    private int[] _tokens;

    /// <summary>Begins with the prompt and the replayed output.</summary>
    public Request(EngineRequest source)
    {
        Source = source;
        Cached = new(source.CacheSalt);
        NumPromptTokens = source.PromptTokenIds.Length;
        NumTokens = NumPromptTokens + source.ReplayedTokenIds.Length;
        _tokens = new int[Math.Max(16, NumTokens + Math.Min(source.Sampling.MaxTokens ?? 0, 1024))];
        source.PromptTokenIds.CopyTo(_tokens, 0);
        source.ReplayedTokenIds.CopyTo(_tokens, NumPromptTokens);
    }

    /// <summary>What was asked.</summary>
    public EngineRequest Source { get; }

    /// <summary>Tokens of the prompt.</summary>
    public int NumPromptTokens { get; }

    /// <summary>Tokens of prompt and output.</summary>
    public int NumTokens { get; private set; }

    /// <summary>Output tokens, replayed ones included.</summary>
    public int NumOutputTokens => NumTokens - NumPromptTokens;

    /// <summary>
    /// Tokens whose keys and values are in the cache, or will be once the steps in flight are done. It chases <see cref="NumTokens"/>.
    /// </summary>
    public int NumComputedTokens { get; set; }

    /// <summary>The request's state in the scheduler.</summary>
    public RequestStatus Status { get; set; }

    /// <summary>What the KV cache knows of it.</summary>
    public CachedSequence Cached { get; }

    /// <summary>The KV blocks it owns, in order.</summary>
    public BlockTable BlockTable => Cached.Blocks;

    /// <summary>Prompt and output.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, NumTokens);

    /// <summary>Output only.</summary>
    public ReadOnlySpan<int> OutputTokens => _tokens.AsSpan(NumPromptTokens, NumOutputTokens);

    /// <summary>Order of arrival.</summary>
    internal long Sequence { get; set; }

    /// <summary>Steps that compute tokens of this request now.</summary>
    internal int NumStepsInFlight { get; set; }

    /// <summary>Prompt tokens found in the prefix cache when the request was first scheduled; -1 until then.</summary>
    internal int NumCachedTokens { get; set; } = -1;

    /// <summary>Prompt tokens with logprobs collected; the first has none.</summary>
    internal int NumPromptLogprobs { get; set; } = 1;

    /// <summary>
    /// Whether logprobs of the prompt are still wanted. With replayed output, the engine that drew it has already reported them.
    /// </summary>
    internal bool NeedsPromptLogprobs =>
        Source.Sampling.PromptLogprobs is not null && Source.ReplayedTokenIds.Length == 0 && NumPromptLogprobs < NumPromptTokens;

    /// <summary>Where the outputs go; null in a scheduler without an engine.</summary>
    internal RequestStream? Stream { get; init; }

    /// <summary>Adds one drawn token.</summary>
    public void Append(int tokenId)
    {
        if (NumTokens == _tokens.Length) Array.Resize(ref _tokens, _tokens.Length * 2);
        _tokens[NumTokens++] = tokenId;
    }
}
