using System.Buffers;
using System.Text.RegularExpressions;

namespace Grid.Tokenization.Patterns;

/// <summary>
/// A regular expression in Oniguruma's syntax, which Hugging Face tokenizers use. Characters outside the BMP are replaced
/// by stand-ins (<see cref="StandIns"/>), so that one character is one unit for .NET's engine too.
/// </summary>
internal sealed class RegexPattern : TextPattern
{
    // A time limit costs at each match: only patterns get one whose time may grow faster than their text.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly Regex _regex;
    private readonly StandIns _standIns;

    /// <exception cref="NotSupportedException">The pattern uses a construct that is not supported; the message names it.</exception>
    /// <exception cref="ArgumentException">The pattern is not a valid regular expression.</exception>
    public RegexPattern(string pattern)
    {
        var survey = new PatternTranslator(pattern, new StandIns([]));
        survey.Translate();
        _standIns = new StandIns(survey.SupplementaryRanges);
        var translated = new PatternTranslator(pattern, _standIns).Translate();
        const RegexOptions Options = RegexOptions.Compiled | RegexOptions.CultureInvariant;
        _regex = RepeatsAGroup(translated) ? new Regex(translated, Options, Timeout) : new Regex(translated, Options);
    }

    public override void FindMatches(ReadOnlySpan<char> text, List<TextMatch> matches)
    {
        if (text.IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
        {
            foreach (var match in _regex.EnumerateMatches(text)) matches.Add(new TextMatch(match.Index, match.Index + match.Length));
            return;
        }
        var buffer = ArrayPool<char>.Shared.Rent(text.Length);
        var mapped = buffer.AsSpan(0, _standIns.Map(text, buffer));
        int from = 0, to = 0;
        foreach (var match in _regex.EnumerateMatches(mapped))
        {
            to += Units(mapped[from..match.Index]);
            var start = to;
            from = match.Index + match.Length;
            to += Units(mapped[match.Index..from]);
            matches.Add(new TextMatch(start, to));
        }
        ArrayPool<char>.Shared.Return(buffer);
    }

    /// <summary>Whether a group is repeated, which backtracking may try in exponentially many ways.</summary>
    private static bool RepeatsAGroup(string pattern)
    {
        for (var at = pattern.IndexOf(')'); at >= 0 && at + 1 < pattern.Length; at = pattern.IndexOf(')', at + 1))
            if (pattern[at + 1] is '*' or '+' or '{') return true;
        return false;
    }

    /// <summary>The units that a stretch of mapped text has in the original.</summary>
    private static int Units(ReadOnlySpan<char> mapped)
    {
        var units = mapped.Length;
        foreach (var unit in mapped)
            if (char.IsSurrogate(unit)) units++;
        return units;
    }
}
