namespace Grid.Abstractions.Nodes;

/// <summary>The ports of one process, counted from <c>--port-base</c>; a base of 0 asks for free ones.</summary>
/// <param name="Base">The first port, from 0 to 65528.</param>
public readonly record struct PortLayout(int Base)
{
    /// <summary>The default base.</summary>
    public const int DefaultBase = 8000;

    /// <summary>The largest base whose eight ports all exist.</summary>
    public const int MaxBase = 65535 - 7;

    /// <summary>The gateway's HTTP API (+0).</summary>
    public int Http => At(0);

    /// <summary>The admin API (+1).</summary>
    public int Admin => At(1);

    /// <summary>The silo's HTTP API (+2).</summary>
    public int SiloHttp => At(2);

    /// <summary>Orleans between silos (+3).</summary>
    public int Silo => At(3);

    /// <summary>Orleans' clients, the gateways (+4).</summary>
    public int SiloClient => At(4);

    /// <summary>The data plane (+5).</summary>
    public int DataPlane => At(5);

    /// <summary>The embedded store (+6).</summary>
    public int Store => At(6);

    /// <summary>Nodes join here (+7).</summary>
    public int Join => At(7);

    private int At(int offset) => Base == 0 ? 0 : Base + offset;
}
