namespace Grid.Tokenization.ChatTemplates.Objects;

/// <summary>Bounds of one rendering, so that no template holds a thread or fills the memory.</summary>
internal sealed class Budget
{
    /// <summary>
    /// Nodes evaluated, plus one for each <see cref="CharactersPerStep"/> characters or items copied: about a second of work.
    /// </summary>
    public const long MaxSteps = 10_000_000;

    /// <summary>Macros inside macros; Python's own limit lets about as many nest.</summary>
    public const int MaxDepth = 200;

    /// <summary>Length of the output and of any string; four times what a request's body may hold.</summary>
    public const int MaxCharacters = 32 * 1024 * 1024;

    // Python's recursion limit.
    private const int MaxNesting = 1000;

    private const int CharactersPerStep = 256;

    private long _steps;
    private int _depth;

    public void Step(long count = 1)
    {
        if ((_steps += count) > MaxSteps)
            throw new TemplateRuntimeException($"the template takes more than {MaxSteps:N0} steps");
    }

    /// <summary>Accounts for a string or list that is about to be made.</summary>
    public void Copy(long length)
    {
        if (length > MaxCharacters)
            throw new TemplateRuntimeException($"the template makes a text or list of {length:N0} items; the limit is {MaxCharacters:N0}");
        Step(length / CharactersPerStep);
    }

    /// <summary>Bounds the recursion over lists in lists.</summary>
    public static void CheckNesting(int depth)
    {
        if (depth > MaxNesting) throw new TemplateRuntimeException("maximum recursion depth exceeded");
    }

    public void Enter()
    {
        if (++_depth > MaxDepth)
            throw new TemplateRuntimeException(
                $"maximum recursion depth exceeded: macros and loops call themselves more than {MaxDepth} deep");
    }

    public void Leave() => _depth--;
}
