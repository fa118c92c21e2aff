using Microsoft.Extensions.Hosting;

namespace Grid.Cluster.Hosting;

/// <summary>Leaves signals and the console alone: they belong to whoever started the host.</summary>
public sealed class DetachedLifetime : IHostLifetime
{
    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
