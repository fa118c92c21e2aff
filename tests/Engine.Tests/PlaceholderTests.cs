using TorchSharp;

namespace Grid.Engine.Tests;

public sealed class PlaceholderTests
{
    [Fact]
    public void Torch_Loads_Adds() => Assert.Equal(3f, (torch.tensor(1f) + torch.tensor(2f)).item<float>());
}
