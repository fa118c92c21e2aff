namespace Grid.Engine.Attention;

/// <summary>Neighbouring tokens of one request that share what they read of the KV cache.</summary>
internal struct QueryTile
{
    /// <summary>Row of the first token in the step.</summary>
    public int FirstRow;

    /// <summary>Tokens.</summary>
    public int Rows;

    /// <summary>Position of the first token in its request.</summary>
    public int Position;

    /// <summary>Where the request's block table begins.</summary>
    public int FirstBlock;
}
