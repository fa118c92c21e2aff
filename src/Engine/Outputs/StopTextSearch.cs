namespace Grid.Engine.Outputs;

/// <summary>
/// Finds stop texts in text that comes in pieces, and lets through all that can no longer be part of one. The match that is complete
/// first wins, and of two that end together the longer; so the result does not depend on where the pieces are cut.
/// </summary>
/// <param name="stops">Texts to find, none empty.</param>
/// <param name="includeInOutput">Whether the match is let through, too; then nothing is ever held back.</param>
internal sealed class StopTextSearch(IReadOnlyList<string> stops, bool includeInOutput)
{
    // The longest end of the text so far that begins a stop text.
    private string _candidate = "";

    /// <summary>The stop text that was found; from then on all text is dropped.</summary>
    public string? Match { get; private set; }

    /// <summary>Takes a piece and returns what may be shown now.</summary>
    /// <param name="piece">The next piece of the text.</param>
    /// <param name="mayMatch">False: a match that is complete within this piece does not count (<c>min_tokens</c>).</param>
    public string Push(string piece, bool mayMatch)
    {
        if (Match is not null) return "";
        if (stops.Count == 0) return piece;

        var shown = includeInOutput ? _candidate.Length : 0;
        var text = _candidate + piece;
        if (mayMatch && Find(text, _candidate.Length) is { } end)
            return text[shown..(includeInOutput ? end : end - Match!.Length)];

        _candidate = text[CandidateStart(text)..];
        return includeInOutput ? piece : text[..^_candidate.Length];
    }

    /// <summary>What was held back, when no more text comes.</summary>
    public string Flush()
    {
        var held = includeInOutput || Match is not null ? "" : _candidate;
        _candidate = "";
        return held;
    }

    private int? Find(string text, int searched)
    {
        int? earliest = null;
        foreach (var stop in stops)
        {
            var index = text.IndexOf(stop, Math.Max(0, searched - stop.Length + 1), StringComparison.Ordinal);
            if (index < 0) continue;

            var end = index + stop.Length;
            if (end > earliest || (end == earliest && stop.Length <= Match!.Length)) continue;
            earliest = end;
            Match = stop;
        }

        return earliest;
    }

    private int CandidateStart(string text)
    {
        var start = text.Length;
        foreach (var stop in stops)
        {
            for (var length = Math.Min(stop.Length - 1, text.Length); length > text.Length - start; length--)
            {
                if (!text.AsSpan(text.Length - length).SequenceEqual(stop.AsSpan(0, length))) continue;
                start = text.Length - length;
                break;
            }
        }

        return start;
    }
}
