using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Grid.Engine.Parallelism.Experts;
using Grid.Engine.Parallelism.Experts.Remote;
using Grid.Engine.Parallelism.Links;

namespace Grid.Engine.Parallelism.Remote;

/// <summary>
/// Receives the driver's commands on a thread of its own, because a step that waits for a lost expert shard has to hear of its new
/// endpoint.
/// </summary>
internal sealed class DriverCommands : IDisposable
{
    private readonly BlockingCollection<DriverCommand> _commands = [];
    private readonly FrameLink _control;
    private readonly RemoteExpertGroup? _experts;
    private readonly Action _gone;
    private readonly Thread _reader;

    /// <summary>Begins to receive.</summary>
    /// <param name="control">The link to the driver, which has no other reader any more.</param>
    /// <param name="experts">Gets the endpoints of expert shards; closed when the driver is gone. Null: there are none.</param>
    /// <param name="gone">Called when the driver is gone. A command may still be executing then; its result is not needed.</param>
    public DriverCommands(FrameLink control, RemoteExpertGroup? experts, Action gone)
    {
        (_control, _experts, _gone) = (control, experts, gone);
        _reader = new Thread(Read) { Name = "the driver's commands", IsBackground = true };
        _reader.Start();
    }

    /// <summary>Waits for the next command.</summary>
    /// <returns>False if the driver is gone.</returns>
    public bool TryTake([NotNullWhen(true)] out DriverCommand? command) => _commands.TryTake(out command, Timeout.Infinite);

    /// <summary>Closes the link to the driver after everything queued is sent.</summary>
    public void Dispose()
    {
        _control.Dispose();
        _reader.Join();
        _commands.Dispose();
    }

    private void Read()
    {
        try
        {
            while (true)
            {
                var header = _control.Receive();
                if (header.Kind == FrameKind.Experts)
                {
                    _experts?.Update(JsonSerializer.Deserialize<ExpertEndpoints>(_control.ReadBody(header))!);
                    continue;
                }

                var command = new DriverCommand(header.Kind, ArrayPool<byte>.Shared.Rent(header.Length), header.Length);
                _control.ReadBody(command.Body);
                _commands.Add(command);
            }
        }
        catch (Exception)
        {
            // The driver is gone, or violates the protocol.
            _commands.CompleteAdding();
            while (_commands.TryTake(out var command)) command.Dispose();
            _experts?.Dispose();
            _gone();
        }
    }
}
