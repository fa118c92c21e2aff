using System.Globalization;
using System.Net;
using Grid.Grains.Persistence;
using Grid.Grains.Records;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Serialization;

// serve PRIMARY SILO CLIENT: a silo of the next version that joins the silo at port PRIMARY, until standard input ends.
// rewrite FROM TO NOTE: reads stored state, prints what it holds and writes it again with a note.
if (args is ["serve", var primary, var siloPort, var clientPort])
{
    var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
    builder.UseOrleans(silo => silo.UseLocalhostClustering(
        Port(siloPort), Port(clientPort), new IPEndPoint(IPAddress.Loopback, Port(primary)), "two-versions", "two-versions"));
    using var host = builder.Build();
    await host.StartAsync();
    Console.WriteLine("joined");
    while (await Console.In.ReadLineAsync() is not null)
    {
    }

    await host.StopAsync();
    return 0;
}

if (args is ["rewrite", var from, var to, var note])
{
    await using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
    var serializer = new GridStateSerializer(services.GetRequiredService<Serializer>());
    var state = serializer.Deserialize<GridState>(new BinaryData(await File.ReadAllBytesAsync(from)))!;
    Console.WriteLine($"{state.Note ?? "no note"}, epoch {state.Epoch}, {state.Plans.Count} plans");
    state.Note = note;
    await File.WriteAllBytesAsync(to, serializer.Serialize(state).ToArray());
    return 0;
}

return 2;

static int Port(string text) => int.Parse(text, CultureInfo.InvariantCulture);
