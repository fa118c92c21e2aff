using System.Text;
using Grid.Engine.Requests;
using Grid.Tokenization;

namespace Grid.Engine.Outputs;

/// <summary>
/// Turns the engine's outputs of one choice into text: detokenizes, searches stop texts and counts tokens. The text is the same whether
/// outputs come one by one or in bursts. Used by one thread at a time.
/// </summary>
public sealed class OutputProcessor
{
    private readonly EngineRequest _request;
    private readonly IncrementalDetokenizer? _detokenizer;
    private readonly StopTextSearch _stops;
    private readonly StringBuilder _text = new();
    private long _bytesToSkip;
    private string? _error;

    /// <summary>Begins after the request's replayed ids.</summary>
    /// <param name="request">As given to the engine.</param>
    /// <param name="bytesSent">UTF-8 bytes of the replayed ids' text that the client has; the first delta carries the rest of it.</param>
    public OutputProcessor(ITokenizer tokenizer, EngineRequest request, long bytesSent = 0)
    {
        var sampling = request.Sampling;
        _request = request;
        _detokenizer = sampling.Detokenize
            ? new IncrementalDetokenizer(tokenizer, sampling.SkipSpecialTokens, request.PromptTokenIds)
            : null;
        _stops = new StopTextSearch(sampling.Stop, sampling.IncludeStopStrInOutput);
        _bytesToSkip = bytesSent;
        BytesSent = bytesSent;
        Replay();
    }

    /// <summary>Id of the engine's request.</summary>
    public string RequestId => _request.Id;

    /// <summary>Index of the choice within its prompt.</summary>
    public int Choice => _request.Choice;

    /// <summary>Output tokens so far, replayed ones and the one that completed a stop text included: <c>completion_tokens</c>.</summary>
    public int NumTokens { get; private set; }

    /// <summary>Prompt tokens found in the prefix cache.</summary>
    public int CachedTokens { get; private set; }

    /// <summary>UTF-8 bytes of all text handed out, that of before the replay included.</summary>
    public long BytesSent { get; private set; }

    /// <summary>
    /// Why the output ended, or null while it goes on. Set from the start where the replayed ids complete it: then nothing is to be
    /// submitted.
    /// </summary>
    public FinishReason? FinishReason { get; private set; }

    /// <summary>What stopped it; null for EOS.</summary>
    public StopReason? StopReason { get; private set; }

    /// <summary>Whether a stop text ended the output while the engine's request goes on: it is to be aborted.</summary>
    public bool MustAbort { get; private set; }

    /// <summary>Takes one output.</summary>
    public OutputDelta Process(EngineOutput output) => Process([output]);

    /// <summary>Takes the outputs that have come since the last call, in order; what follows the end is dropped.</summary>
    public OutputDelta Process(ReadOnlySpan<EngineOutput> outputs)
    {
        var tokenIds = new List<int>(outputs.Length);
        var logprobs = new List<TokenLogprobs>(_request.Sampling.Logprobs is null ? 0 : outputs.Length);
        IReadOnlyList<TokenLogprobs?>? promptLogprobs = null;
        foreach (var output in outputs)
        {
            if (FinishReason is not null) break;
            promptLogprobs ??= output.PromptLogprobs;
            CachedTokens = Math.Max(CachedTokens, output.CachedTokens);
            if (output.TokenId >= 0)
            {
                tokenIds.Add(output.TokenId);
                if (output.Logprobs is { } position) logprobs.Add(position);
            }

            Take(output);
        }

        return new OutputDelta
        {
            Choice = Choice,
            Text = TakeText(),
            TokenIds = tokenIds,
            Logprobs = logprobs,
            PromptLogprobs = promptLogprobs,
            FinishReason = FinishReason,
            StopReason = StopReason,
            Error = _error,
        };
    }

    private void Take(EngineOutput output)
    {
        var stopped = output.FinishReason == Requests.FinishReason.Stop;
        if (output.TokenId >= 0) Append(output.TokenId, endsByToken: stopped);
        if (FinishReason is null && output.FinishReason is { } reason) End(reason, output.StopTokenId);
        else MustAbort = FinishReason is not null && output.FinishReason is null;
        _error = output.Error;
    }

    private void Append(int tokenId, bool endsByToken)
    {
        NumTokens++;
        if (_detokenizer is null || (endsByToken && !_request.Sampling.IncludeStopStrInOutput)) return;
        Show(_detokenizer.Append(tokenId));
    }

    private void End(FinishReason reason, int? stopTokenId)
    {
        if (_detokenizer is not null) Show(_detokenizer.Flush());
        if (FinishReason is not null) return;
        _text.Append(_stops.Flush());
        FinishReason = reason;
        if (stopTokenId is { } id) StopReason = new StopReason(null, id);
    }

    private void Show(string piece)
    {
        if (piece.Length == 0) return;
        _text.Append(_stops.Push(piece, mayMatch: NumTokens > _request.Sampling.MinTokens));
        if (_stops.Match is not { } match) return;
        FinishReason = Requests.FinishReason.Stop;
        StopReason = new StopReason(match, null);
    }

    private void Replay()
    {
        var ids = _request.ReplayedTokenIds;
        var sampling = _request.Sampling;
        for (var i = 0; i < ids.Length && FinishReason is null; i++)
        {
            var mayStop = i + 1 == ids.Length && ids.Length >= sampling.MinTokens;
            var stopTokenId = mayStop && sampling.StopTokenIds.Contains(ids[i]) ? ids[i] : (int?)null;
            var isEos = mayStop && !sampling.IgnoreEos && _request.EosTokenIds.Contains(ids[i]);
            Append(ids[i], endsByToken: isEos || stopTokenId is not null);
            if (FinishReason is not null) break;
            if (isEos || stopTokenId is not null) End(Requests.FinishReason.Stop, isEos ? null : stopTokenId);
            else if (NumTokens == sampling.MaxTokens) End(Requests.FinishReason.Length, null);
        }
    }

    private string TakeText()
    {
        var text = _text.ToString();
        _text.Clear();
        if (_bytesToSkip > 0)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            var skipped = (int)Math.Min(_bytesToSkip, bytes.Length);
            _bytesToSkip -= skipped;
            text = Encoding.UTF8.GetString(bytes, skipped, bytes.Length - skipped);
        }

        BytesSent += Encoding.UTF8.GetByteCount(text);
        return text;
    }
}
