using System.Text;
using Grid.Engine.Outputs;
using Grid.Engine.Requests;

namespace Grid.Engine.Offline;

/// <summary>Puts the deltas of one choice together.</summary>
internal sealed class CompletionBuilder(OutputProcessor processor, LogprobTable table, bool withLogprobs)
{
    private readonly StringBuilder _text = new();
    private readonly List<int> _tokenIds = [];
    private readonly List<IReadOnlyDictionary<int, Logprob>> _logprobs = [];
    private double _cumulativeLogprob;

    public IReadOnlyList<TokenLogprobs?>? PromptLogprobs { get; private set; }

    public int NumCachedTokens => processor.CachedTokens;

    public void Append(OutputDelta delta)
    {
        _text.Append(delta.Text);
        _tokenIds.AddRange(delta.TokenIds);
        PromptLogprobs ??= delta.PromptLogprobs;
        foreach (var position in delta.Logprobs)
        {
            _cumulativeLogprob += position.Logprob;
            _logprobs.Add(table.Of(position));
        }

        if (delta.FinishReason == FinishReason.Error)
            throw new InvalidOperationException($"Request {processor.RequestId} failed: {delta.Error}");
    }

    public CompletionOutput Build() => new()
    {
        Index = processor.Choice,
        Text = _text.ToString(),
        TokenIds = _tokenIds,
        CumulativeLogprob = withLogprobs ? _cumulativeLogprob : null,
        Logprobs = withLogprobs ? _logprobs : null,
        FinishReason = processor.FinishReason!.Value,
        StopReason = processor.StopReason,
    };
}
