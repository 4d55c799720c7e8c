using StemJepa.Training.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Training.Tests.Networks;

/// <summary>Attention with rotary time positions against formulas in double precision that know differences of time only.</summary>
public sealed class RotaryPositionsTests
{
    private const int Width = 24, Heads = 2, Channels = Width / Heads, Time = 7, Tokens = 5 * Time;

    /// <summary>
    /// The oracle: product of query and key = sum over pairs of channels of Re(q conj(k) e^(i (time of q - time of k) rate)), the pair i
    /// turning by 1000^(-i/pairs) in a patch.
    /// </summary>
    [Fact]
    public void Attention_depends_on_differences_of_time_only()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        manual_seed(21);
        var precision = new Precision();
        var attention = new Attention(Width, Heads, precision);
        foreach (var parameter in attention.parameters())
            parameter.copy_(randn(parameter.shape) * 0.4);
        Tensor x = randn(1, Tokens, Width);
        double[][] actual = Rows(attention.Attend(x, new RotaryPositions(Channels, precision).For(Time)), Width);

        Dictionary<string, Tensor> weights = attention.state_dict();
        double[][] qkv = Linear(Rows(x, Width), weights["qkv.weight"], weights["qkv.bias"]);
        var mixed = new double[Tokens][];
        for (int token = 0; token < Tokens; token++)
        {
            mixed[token] = new double[Width];
            for (int head = 0; head < Heads; head++)
            {
                double[] exponentials = [.. Enumerable.Range(0, Tokens).Select(other =>
                    Math.Exp(Product(qkv[token], qkv[other], head, token % Time - other % Time) / Math.Sqrt(Channels)))];
                for (int channel = 0; channel < Channels; channel++)
                    mixed[token][head * Channels + channel] = Enumerable.Range(0, Tokens)
                        .Sum(other => exponentials[other] * qkv[other][2 * Width + head * Channels + channel]) / exponentials.Sum();
            }
        }
        double[][] expected = Linear(mixed, weights["proj.weight"], weights["proj.bias"]);
        for (int token = 0; token < Tokens; token++)
            Assert.All(expected[token].Zip(actual[token]), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void Time_half_of_the_fixed_positions_is_zero_and_the_place_of_a_window_is_of_no_account()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        manual_seed(22);
        var sizes = new NetworkSizes("test", 32, 2, 2, [], PatchEmbedding.Convolutional, TimePositions.Rotary);
        using var encoder = new Encoder(sizes, new Precision());
        encoder.eval();
        Tensor positions = encoder.state_dict()["pos_embed"];
        Assert.Equal(0, positions.narrow(3, 0, 16).abs().max().item<float>());
        Assert.Equal(PatchGrid.Positions(32).narrow(3, 16, 16), positions.narrow(3, 16, 16));
        Tensor logMel = randn(2, 80, 16 * Time);
        Assert.Equal(encoder.forward(logMel), encoder.Encode(logMel, firstPosition: 20));
    }

    [Fact]
    public void Order_of_patches_in_time_is_known()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        manual_seed(23);
        var precision = new Precision();
        var attention = new Attention(Width, Heads, precision);
        foreach (var parameter in attention.parameters())
            parameter.mul_(20);
        Rotation rotation = new RotaryPositions(Channels, precision).For(Time);
        Tensor x = randn(1, 5, Time, Width), reversed = x.flip(2);
        Tensor Attended(Tensor grid, Rotation? turn) => attention.Attend(grid.flatten(1, 2), turn).view(1, 5, Time, Width);
        Assert.InRange((Attended(x, null).flip(2) - Attended(reversed, null)).abs().max().item<float>(), 0, 1e-4f);
        Assert.InRange((Attended(x, rotation).flip(2) - Attended(reversed, rotation)).abs().max().item<float>(), 1e-2f, float.MaxValue);
    }

    /// <summary>bfloat16 has 8 bits: values around 1 agree within a few hundredths.</summary>
    [Fact]
    public void Float32_is_what_bfloat16_comes_near()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        manual_seed(24);
        var precision = new Precision();
        var attention = new Attention(Width, Heads, precision);
        var positions = new RotaryPositions(Channels, precision);
        foreach (var parameter in attention.parameters())
            parameter.mul_(10);
        Tensor x = randn(2, Tokens, Width), exact = attention.Attend(x, positions.For(Time));
        precision.UseBfloat16 = true;
        Tensor rounded = attention.Attend(x, positions.For(Time));
        Assert.Equal(ScalarType.BFloat16, rounded.dtype);
        Assert.InRange((rounded.to(ScalarType.Float32) - exact).abs().max().item<float>(), 0, 0.03f * exact.abs().max().item<float>());
    }

    private static double Product(double[] first, double[] second, int head, int difference)
    {
        double sum = 0;
        for (int pair = 0; pair < Channels / 2; pair++)
        {
            int real = head * Channels + pair, imaginary = real + Channels / 2;
            var query = new System.Numerics.Complex(first[real], first[imaginary]);
            var key = new System.Numerics.Complex(second[Width + real], second[Width + imaginary]);
            double angle = difference * Math.Pow(1000, -2.0 * pair / Channels);
            sum += (query * System.Numerics.Complex.Conjugate(key) * System.Numerics.Complex.FromPolarCoordinates(1, angle)).Real;
        }
        return sum;
    }

    private static double[][] Linear(double[][] rows, Tensor weight, Tensor bias)
    {
        double[][] matrix = Rows(weight, (int)weight.shape[1]);
        double[] offset = Rows(bias, (int)bias.shape[0])[0];
        return [.. rows.Select(row => matrix.Select((column, index) => column.Zip(row, (a, b) => a * b).Sum() + offset[index]).ToArray())];
    }

    private static double[][] Rows(Tensor values, int length) =>
        [.. values.contiguous().data<float>().ToArray().Select(value => (double)value).Chunk(length)];
}
