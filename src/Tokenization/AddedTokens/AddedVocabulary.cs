using Grid.Tokenization.Normalization;

namespace Grid.Tokenization.AddedTokens;

/// <summary>A tokenizer's added tokens: those found in the text as written, and those found in the normalized text.</summary>
internal sealed class AddedVocabulary
{
    private readonly Dictionary<int, AddedToken> _byId = [];
    private readonly Dictionary<string, AddedToken> _byContent = [];

    public AddedVocabulary(IEnumerable<AddedToken> tokens, INormalizer? normalizer)
    {
        foreach (var token in tokens)
        {
            _byId[token.Id] = token;
            _byContent[token.Content] = token;
        }
        AsWritten = new AddedTokenMatcher(_byId.Values.Where(token => !token.Normalized).Select(token => (token, token.Content)));
        Normalized = new AddedTokenMatcher(
            _byId.Values.Where(token => token.Normalized).Select(token => (token, normalizer?.Normalize(token.Content) ?? token.Content)));
    }

    /// <summary>Looks in the text as written.</summary>
    public AddedTokenMatcher AsWritten { get; }

    /// <summary>Looks in the normalized text.</summary>
    public AddedTokenMatcher Normalized { get; }

    public int MaxId => _byId.Count == 0 ? -1 : _byId.Keys.Max();

    public AddedToken? Find(int id) => _byId.GetValueOrDefault(id);

    public AddedToken? Find(string content) => _byContent.GetValueOrDefault(content);
}
