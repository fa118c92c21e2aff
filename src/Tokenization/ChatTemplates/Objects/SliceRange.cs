namespace Grid.Tokenization.ChatTemplates.Objects;

/// <summary>Python's rules for <c>[start:stop:step]</c>.</summary>
internal static class SliceRange
{
    /// <summary>The first index and how many items are taken.</summary>
    public static (long Start, long Count) Of(long length, long? start, long? stop, long? step)
    {
        var stride = step ?? 1;
        if (stride == 0) throw new TemplateRuntimeException("slice step cannot be zero");
        var (lowest, highest) = stride > 0 ? (0, length) : (-1, length - 1);
        var first = Clamp(start, stride > 0 ? lowest : highest);
        var last = Clamp(stop, stride > 0 ? highest : lowest);
        var span = stride > 0 ? last - first : first - last;
        return (first, span <= 0 ? 0 : (span - 1) / Math.Abs(stride) + 1);

        long Clamp(long? bound, long fallback)
        {
            if (bound is not { } index) return fallback;
            if (index < 0) index = Math.Max(index, -length - 1) + length;
            return Math.Clamp(index, lowest, Math.Max(lowest, highest));
        }
    }
}
