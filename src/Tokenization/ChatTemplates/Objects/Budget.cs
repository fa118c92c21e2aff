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
    private const int CharactersPerScanStep = 4096;

    // Of all strings and lists that one rendering makes, live or not.
    private const long MaxCopied = 4L * MaxCharacters;
    private const int StepsPerLook = 1024;

    /// <summary>How long a rendering may take.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _timeProvider;
    private readonly long _start;
    private long _nextLook = StepsPerLook;
    private long _copied;
    private long _steps;
    private int _depth;

    /// <summary>Bounds of a rendering that begins now.</summary>
    /// <param name="timeProvider">The clock of its time limit; null for the system's.</param>
    public Budget(TimeProvider? timeProvider = null)
    {
        _timeProvider = timeProvider ?? TimeProvider.System;
        _start = _timeProvider.GetTimestamp();
    }

    public void Step(long count = 1)
    {
        if ((_steps += count) > MaxSteps)
            throw new TemplateRuntimeException($"the template takes more than {MaxSteps:N0} steps");
        if (_steps < _nextLook) return;
        _nextLook = _steps + StepsPerLook;
        if (_timeProvider.GetElapsedTime(_start) > MaxTime)
            throw new TemplateRuntimeException($"the template takes more than {MaxTime.TotalSeconds:0.#} s");
    }

    /// <summary>Accounts for a text that is searched or compared.</summary>
    public void Scan(long length) => Step(1 + (length / CharactersPerScanStep));

    /// <summary>Accounts for a string or list that is about to be made.</summary>
    public void Copy(long length)
    {
        if (length > MaxCharacters)
            throw new TemplateRuntimeException($"the template makes a text or list of {length:N0} items; the limit is {MaxCharacters:N0}");
        if ((_copied += length) > MaxCopied)
            throw new TemplateRuntimeException($"the template makes texts and lists of more than {MaxCopied:N0} items in all");
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
