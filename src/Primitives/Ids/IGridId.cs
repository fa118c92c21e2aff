using System.Diagnostics.CodeAnalysis;

namespace Grid.Primitives.Ids;

/// <summary>An id with one text form: what <see cref="object.ToString"/> writes, <see cref="TryParse"/> reads, and nothing else.</summary>
public interface IGridId<TSelf>
    where TSelf : struct, IGridId<TSelf>
{
    /// <summary>The text form with letters in place of numbers, such as MODEL/rN; error messages quote it.</summary>
    static abstract string Form { get; }

    /// <summary>Reads the text form; false where the text is anything else.</summary>
    static abstract bool TryParse([NotNullWhen(true)] string? text, out TSelf id);
}
