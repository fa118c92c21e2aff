using System.Text;
using Grid.Engine.Outputs;

namespace Grid.Engine.Tests.Outputs;

public sealed class StopTextSearchTests
{
    [Fact]
    public void Push_TextThatMayStillBecomeAStop_IsHeldBack()
    {
        var search = new StopTextSearch(["</end>"], includeInOutput: false);
        Assert.Equal("a ", search.Push("a <", true));
        Assert.Equal("", search.Push("/en", true));
        Assert.Equal("</enx", search.Push("x", true));
        Assert.Equal("", search.Push("</end", true));
        Assert.Equal("", search.Push("> more", true));
        Assert.Equal("</end>", search.Match);
        Assert.Equal("", search.Push("later", true));
        Assert.Equal("", search.Flush());
    }

    [Fact]
    public void Push_IncludingTheStop_HoldsNothingBackAndCutsBehindIt()
    {
        var search = new StopTextSearch(["stop"], includeInOutput: true);
        Assert.Equal("a st", search.Push("a st", true));
        Assert.Equal("op", search.Push("op here", true));
        Assert.Equal("stop", search.Match);
    }

    [Fact]
    public void Push_AMatchThatMayNotCountYet_IsPassed()
    {
        var search = new StopTextSearch(["ab"], includeInOutput: false);
        Assert.Equal("ab", search.Push("ab", false));
        Assert.Equal("", search.Push("a", false));
        Assert.Equal("", search.Push("b", true));
        Assert.Equal("ab", search.Match);
    }

    [Fact]
    public void Flush_AtTheEnd_GivesWhatWasHeldBack()
    {
        var search = new StopTextSearch(["abc"], includeInOutput: false);
        Assert.Equal("x", search.Push("xab", true));
        Assert.Equal("ab", search.Flush());
    }

    [Fact]
    public void Push_AnyTextCutAnywhere_ShowsWhatAPlainSearchShows()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var run = 0; run < 3000; run++)
        {
            // Two letters and an astral one make overlaps frequent.
            var text = RandomText(random, 40);
            string[] stops = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => RandomText(random, 5))];
            var include = random.Next(2) == 0;
            var (expected, match) = Oracle(text, stops, include);

            var search = new StopTextSearch(stops, include);
            var shown = new StringBuilder();
            foreach (var piece in Cut(random, text)) shown.Append(search.Push(piece, true));
            shown.Append(search.Flush());
            Assert.True(expected == shown.ToString() && match == search.Match,
                $"seed {seed} run {run}: '{text}' with [{string.Join(", ", stops)}], include {include}");
        }
    }

    private static (string Text, string? Match) Oracle(string text, string[] stops, bool include)
    {
        for (var length = 1; length <= text.Length; length++)
        {
            var match = stops.Where(stop => text.AsSpan(0, length).EndsWith(stop)).MaxBy(stop => stop.Length);
            if (match is not null) return (text[..(include ? length : length - match.Length)], match);
        }

        return (text, null);
    }

    private static string RandomText(Random random, int maxLength) =>
        string.Concat(
        Enumerable.Range(0, random.Next(1, maxLength + 1)).Select(_ => random.Next(7) switch { 0 => "\U0001F600", < 4 => "a", _ => "b" }));

    private static IEnumerable<string> Cut(Random random, string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var length = Math.Min(random.Next(1, 6), text.Length - start);
            yield return text.Substring(start, length);
            start += length;
        }
    }
}
