using Microsoft.Extensions.Hosting;

namespace Grid.Cli.Serve;

/// <summary>Leaves signals to the command.</summary>
internal sealed class DetachedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
