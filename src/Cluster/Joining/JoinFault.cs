namespace Grid.Cluster.Joining;

/// <summary>Why a node was not admitted.</summary>
public enum JoinFault
{
    /// <summary>Neither a token nor a certificate.</summary>
    NoToken,

    /// <summary>It does not have a token's form.</summary>
    MalformedToken,

    /// <summary>The head never made it, or forgot it long after its end.</summary>
    UnknownToken,

    /// <summary>The id is known, the secret is another.</summary>
    WrongSecret,

    /// <summary>Its time is over.</summary>
    ExpiredToken,

    /// <summary>Its uses are over.</summary>
    SpentToken,

    /// <summary>The head's authority is not the one that the token or the data folder names.</summary>
    WrongAuthority,

    /// <summary>The certificate is expired, foreign, or another node's.</summary>
    BadCertificate,

    /// <summary>A role that nodes cannot ask for.</summary>
    BadRole,

    /// <summary>The request cannot be read.</summary>
    BadRequest,

    /// <summary>A live node has the name.</summary>
    NameTaken,

    /// <summary>The wire contracts are too far apart.</summary>
    WireVersion,

    /// <summary>The data folder belongs to another grid.</summary>
    ClusterId,

    /// <summary>The clocks are too far apart.</summary>
    Clock,

    /// <summary>The head did not answer.</summary>
    Unreachable,

    /// <summary>It was revoked.</summary>
    RevokedToken,
}
