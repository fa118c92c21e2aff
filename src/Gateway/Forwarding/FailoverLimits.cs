using Grid.Gateway.Ranks;

namespace Grid.Gateway.Forwarding;

/// <summary>When a request that loses its rank again and again is given up.</summary>
internal sealed class FailoverLimits(int maxAttempts)
{
    /// <summary>The number of new tokens that show that a request does no harm.</summary>
    public const int TokensOfProgress = 16;

    private const int MaxDeaths = 2;

    private long _tokensAtLoss;
    private long _tokensAtDeath;
    private int _losses;
    private int _deaths;

    /// <summary>The rank was lost.</summary>
    /// <param name="result">How the attempt ended.</param>
    /// <param name="tokens">Tokens that the client has.</param>
    /// <returns>The code under which the request ends, or null where it may be tried again.</returns>
    public string? Lost(AttemptResult result, long tokens)
    {
        if (tokens - _tokensAtLoss >= TokensOfProgress) _losses = 0;
        _tokensAtLoss = tokens;
        _losses++;
        if (result == AttemptResult.Broken)
        {
            if (tokens - _tokensAtDeath >= TokensOfProgress) _deaths = 0;
            _tokensAtDeath = tokens;
            if (++_deaths >= MaxDeaths) return "poison_request";
        }

        return _losses > maxAttempts ? "resume_failed" : null;
    }
}
