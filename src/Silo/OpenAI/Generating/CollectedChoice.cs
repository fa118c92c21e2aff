using System.Text;
using Grid.Engine.Outputs;
using Grid.Engine.Requests;

namespace Grid.Silo.OpenAI.Generating;

/// <summary>Puts the deltas of one choice together, for an answer that does not stream.</summary>
internal sealed class CollectedChoice
{
    private readonly StringBuilder _text = new();
    private readonly List<int> _tokenIds = [];
    private readonly List<TokenLogprobs> _logprobs = [];
    private OutputDelta? _last;
    private IReadOnlyList<TokenLogprobs?>? _promptLogprobs;

    public void Append(OutputDelta delta)
    {
        _text.Append(delta.Text);
        _tokenIds.AddRange(delta.TokenIds);
        _logprobs.AddRange(delta.Logprobs);
        _promptLogprobs ??= delta.PromptLogprobs;
        _last = delta;
    }

    /// <summary>All of it as one delta.</summary>
    public OutputDelta ToDelta() => _last! with { Text = _text.ToString(), TokenIds = _tokenIds, Logprobs = _logprobs, PromptLogprobs = _promptLogprobs };
}
