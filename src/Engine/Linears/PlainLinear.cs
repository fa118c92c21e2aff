using static TorchSharp.torch;

namespace Grid.Engine.Linears;

/// <summary><c>F.linear</c>, on any device. On CPU its bits depend on the rows around.</summary>
internal sealed class PlainLinear(Tensor weight, Tensor? bias) : ILinear
{
    public Tensor Forward(Tensor x) => nn.functional.linear(x, weight, bias);

    public void Dispose()
    {
        weight.Dispose();
        bias?.Dispose();
    }

    /// <summary>Puts weights on a device.</summary>
    public sealed class Factory(Device device) : ILinearFactory
    {
        public ILinear Create(Tensor weight, Tensor? bias) => new PlainLinear(Move(weight), bias is null ? null : Move(bias));

        private Tensor Move(Tensor tensor)
        {
            if (device.type == TorchSharp.DeviceType.CPU) return tensor;
            using (tensor) return tensor.to(device);
        }
    }
}
