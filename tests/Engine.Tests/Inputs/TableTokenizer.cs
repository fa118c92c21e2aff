using System.Text;
using Grid.Tokenization;

namespace Grid.Engine.Tests.Inputs;

/// <summary>A tokenizer whose vocabulary is a list of byte strings; text is cut greedily into the longest of them.</summary>
internal sealed class TableTokenizer(IReadOnlyList<byte[]> table, int special = -1) : ITokenizer
{
    public TableTokenizer(params string[] tokens)
        : this([.. tokens.Select(Encoding.UTF8.GetBytes)])
    {
    }

    public int VocabSize => table.Count;

    public int? BosTokenId => null;

    public int? EosTokenId => null;

    public int[] Encode(string text, bool addSpecialTokens = true)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var ids = new List<int>();
        for (var start = 0; start < bytes.Length; start += table[ids[^1]].Length)
        {
            var rest = bytes.AsMemory(start);
            ids.Add(Enumerable.Range(0, table.Count).Where(id => rest.Span.StartsWith(table[id])).MaxBy(id => table[id].Length));
        }

        return [.. ids];
    }

    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = false)
    {
        var bytes = new List<byte>();
        foreach (var id in ids)
            if (!skipSpecialTokens || !IsSpecial(id)) bytes.AddRange(table[id]);
        return Encoding.UTF8.GetString([.. bytes]);
    }

    public string? IdToToken(int id) => Encoding.UTF8.GetString(table[id]);

    public int? TokenToId(string token) => null;

    public bool IsSpecial(int id) => id == special;

    public ReadOnlyMemory<byte> IdToBytes(int id) => table[id];
}
