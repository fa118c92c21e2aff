using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Grid.Engine.Parallelism.Experts.Links;

namespace Grid.Engine.Parallelism.DataPlane;

/// <summary>What a driver sends, read on a thread of its own: a step that waits for a lost expert shard must hear where that one stands by now.</summary>
internal sealed class DriverCommands : IDisposable
{
    private readonly BlockingCollection<DriverCommand> _commands = [];
    private readonly FrameLink _control;
    private readonly ExpertLinks? _experts;
    private readonly Action _gone;
    private readonly Thread _reader;

    /// <param name="control">To the driver; read by nobody else any more.</param>
    /// <param name="experts">Told where experts are; closed when the driver is gone.</param>
    /// <param name="gone">Told that the driver is gone, while a command may still be carried out: nobody has use for it.</param>
    public DriverCommands(FrameLink control, ExpertLinks? experts, Action gone)
    {
        (_control, _experts, _gone) = (control, experts, gone);
        _reader = new Thread(Read) { Name = "the driver's commands", IsBackground = true };
        _reader.Start();
    }

    /// <summary>Waits for the next command.</summary>
    /// <returns>False if the driver is gone, or has no more use for this shard.</returns>
    public bool TryTake([NotNullWhen(true)] out DriverCommand? command) => _commands.TryTake(out command, Timeout.Infinite);

    /// <summary>Closes the link to the driver, behind what is queued for it.</summary>
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
                    _experts?.Update(JsonSerializer.Deserialize<ExpertPlaces>(_control.ReadBody(header))!);
                    continue;
                }

                var command = new DriverCommand(header.Kind, ArrayPool<byte>.Shared.Rent(header.Length), header.Length);
                _control.ReadBody(command.Body);
                _commands.Add(command);
            }
        }
        catch (Exception)
        {
            // It is gone, or does not speak as it should.
            _commands.CompleteAdding();
            while (_commands.TryTake(out var command)) command.Dispose();
            _experts?.Dispose();
            _gone();
        }
    }
}
