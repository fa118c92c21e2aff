using System.Text;
using Grid.Engine.Requests;
using Grid.Tokenization;

namespace Grid.Silo.OpenAI.Responses;

/// <summary>What logprobs call a token: its text, with U+FFFD for broken UTF-8.</summary>
internal sealed class TokenTexts(ITokenizer tokenizer)
{
    public ReadOnlySpan<byte> BytesOf(int id) => tokenizer.IdToBytes(id).Span;

    public string Of(int id) => Encoding.UTF8.GetString(BytesOf(id));

    /// <summary>The text of a whole prompt, special tokens included.</summary>
    public string Of(int[] ids) => tokenizer.Decode(ids);

    /// <summary>The first ids of a position, preceded by the one that was drawn if it is none of them.</summary>
    public static IEnumerable<TokenLogprob> WithChosen(TokenLogprobs position)
    {
        var chosen = new TokenLogprob(position.TokenId, position.Logprob);
        return position.Top.Any(top => top.TokenId == position.TokenId) ? position.Top : position.Top.Prepend(chosen);
    }
}
