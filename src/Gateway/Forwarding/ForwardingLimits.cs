namespace Grid.Gateway.Forwarding;

/// <summary>Rules for each request's way through the gateway.</summary>
/// <param name="SlowClientTimeout">How long a client may read nothing while its answer waits for it.</param>
/// <param name="SharePrefixCache">Whether clients of different API keys share cached prefixes.</param>
internal sealed record ForwardingLimits(TimeSpan SlowClientTimeout, bool SharePrefixCache);
