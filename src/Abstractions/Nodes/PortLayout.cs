namespace Grid.Abstractions.Nodes;

/// <summary>The ports of one process, counted from <c>--port-base</c>; a base of 0 asks for free ones.</summary>
/// <param name="Base">0 to 65528.</param>
public readonly record struct PortLayout(int Base)
{
    /// <summary>The base where nothing is said.</summary>
    public const int DefaultBase = 8000;

    /// <summary>The largest base whose eight ports all exist.</summary>
    public const int MaxBase = 65535 - 7;

    /// <summary>The gateway's HTTP API (+0).</summary>
    public int Http => At(0);

    /// <summary>The admin API (+1).</summary>
    public int Admin => At(1);

    /// <summary>The silo's HTTP API (+2).</summary>
    public int SiloHttp => At(2);

    /// <summary>Nodes join here (+7).</summary>
    public int Join => At(7);

    private int At(int offset) => Base == 0 ? 0 : Base + offset;
}
