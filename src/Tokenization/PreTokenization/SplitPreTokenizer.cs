using Grid.Tokenization.Patterns;

namespace Grid.Tokenization.PreTokenization;

internal sealed class SplitPreTokenizer(TextPattern pattern, SplitBehavior behavior, bool invert = false) : IPreTokenizer
{
    public void Apply(PieceBuffer buffer)
    {
        var matches = new List<TextMatch>();
        var segments = new List<Segment>();
        foreach (var piece in buffer.Pieces)
        {
            matches.Clear();
            segments.Clear();
            pattern.FindMatches(buffer[piece], matches);
            AddSegments(matches, piece.Length, segments);
            Merge(segments);
            foreach (var segment in segments)
                if (behavior != SplitBehavior.Removed || !segment.IsMatch) buffer.Cut(piece, segment.Start, segment.End);
        }
        buffer.CommitCuts();
    }

    private void AddSegments(List<TextMatch> matches, int length, List<Segment> segments)
    {
        var position = 0;
        foreach (var match in matches)
        {
            if (match.Start > position) segments.Add(new Segment(position, match.Start, invert));
            segments.Add(new Segment(match.Start, match.End, !invert));
            position = match.End;
        }
        if (position < length) segments.Add(new Segment(position, length, invert));
    }

    private void Merge(List<Segment> segments)
    {
        switch (behavior)
        {
            case SplitBehavior.MergedWithPrevious: MergeMatches(segments); break;
            case SplitBehavior.Contiguous: MergeNeighbours(segments); break;
            case SplitBehavior.MergedWithNext:
                segments.Reverse();
                MergeMatches(segments);
                segments.Reverse();
                break;
        }
    }

    /// <summary>Joins each match to the segment listed before it, unless that is a match too.</summary>
    private static void MergeMatches(List<Segment> segments)
    {
        var written = 0;
        var afterMatch = false;
        for (var i = 0; i < segments.Count; i++)
        {
            var segment = segments[i];
            if (segment.IsMatch && !afterMatch && written > 0) segments[written - 1] = segments[written - 1].Join(segment);
            else segments[written++] = segment;
            afterMatch = segment.IsMatch;
        }
        segments.RemoveRange(written, segments.Count - written);
    }

    private static void MergeNeighbours(List<Segment> segments)
    {
        var written = 0;
        for (var i = 0; i < segments.Count; i++)
        {
            if (written > 0 && segments[i].IsMatch == segments[written - 1].IsMatch)
                segments[written - 1] = segments[written - 1].Join(segments[i]);
            else segments[written++] = segments[i];
        }
        segments.RemoveRange(written, segments.Count - written);
    }

    private readonly record struct Segment(int Start, int End, bool IsMatch)
    {
        public Segment Join(Segment other) => this with { Start = Math.Min(Start, other.Start), End = Math.Max(End, other.End) };
    }
}
