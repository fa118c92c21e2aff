using Grid.Engine.Requests;
using Grid.Tokenization;

namespace Grid.Engine.Offline;

/// <summary>Gives the engine's logprobs vLLM's shape: at each position a table by id.</summary>
internal sealed class LogprobTable(ITokenizer tokenizer)
{
    public IReadOnlyDictionary<int, Logprob> Of(TokenLogprobs position)
    {
        var table = new Dictionary<int, Logprob>(
            position.Top.Count + 1)
        { [position.TokenId] = Make(position.TokenId, position.Logprob, position.Rank) };
        for (var i = 0; i < position.Top.Count; i++)
            table.TryAdd(position.Top[i].TokenId, Make(position.Top[i].TokenId, position.Top[i].Logprob, i + 1));
        return table;
    }

    private Logprob Make(int tokenId, float value, int rank) => new(value, rank, tokenizer.Decode([tokenId]));
}
