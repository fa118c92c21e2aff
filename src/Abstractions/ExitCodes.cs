namespace Grid.Abstractions;

/// <summary>Exit codes of the <c>grid</c> command.</summary>
public static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Failed.</summary>
    public const int Failed = 1;

    /// <summary>The usage, a file or the layout is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The grid cannot be reached.</summary>
    public const int Unreachable = 3;

    /// <summary>Unauthorized.</summary>
    public const int Unauthorized = 4;

    /// <summary>Not found.</summary>
    public const int NotFound = 5;

    /// <summary>A rule refused it, such as one of capacity.</summary>
    public const int Refused = 6;

    /// <summary><c>--timeout</c> passed; the operation continues.</summary>
    public const int TimedOut = 7;

    /// <summary>The data folder belongs to another process.</summary>
    public const int DataFolderInUse = 73;

    /// <summary>The store of this process failed and cannot be restarted in place.</summary>
    public const int StoreFailed = 74;

    /// <summary>The process cannot go on and is to be started again: the other members declared this node dead, or a part failed.</summary>
    public const int RestartMe = 75;

    /// <summary>Interrupted.</summary>
    public const int Interrupted = 130;
}
