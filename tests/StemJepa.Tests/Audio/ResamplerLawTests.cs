using CsCheck;

namespace StemJepa.Tests;

/// <summary>Oracle: the laws of a linear filter, whatever the signal and however it is cut.</summary>
public sealed class ResamplerLawTests
{
    private static readonly Gen<int> AnyRate = Gen.OneOf(
        Gen.OneOf(8000, 11025, 16000, 22050, 32000, 44100, 48000, 96000, 192000),
        Gen.Int[8000, 192000]);

    private static readonly Gen<float[]> Signal = Gen.Float[-1, 1].Array[0, 3000];

    [Fact]
    public void The_output_is_the_same_to_the_bit_whatever_the_block_sizes()
        => Gen.Select(AnyRate, Gen.Int[0, 60000], Gen.Int[1, 20000].Array[1, 8], Gen.Int[1, 20000].Array[1, 8])
            .Sample((rate, length, inputBlocks, outputBlocks) =>
            {
                float[] input = Tone.Sweep(20, rate / 2.0, rate, length);
                return Resampler.Resample(input, rate, 16000).AsSpan()
                    .SequenceEqual(InBlocks(input, rate, inputBlocks, outputBlocks));
            }, iter: 60);

    [Fact]
    public void A_resampling_reader_gives_what_the_whole_conversion_gives()
        => Gen.Select(AnyRate, Gen.Int[0, 30000], Gen.Int[1, 5000])
            .Sample((rate, length, block) =>
            {
                float[] input = Tone.Sweep(20, rate / 2.0, rate, length);
                using var reader = new ResamplingReader(new AudioClip(input, rate).OpenReader(), 16000);
                var output = new List<float>();
                var buffer = new float[block];
                for (int count; (count = reader.Read(buffer)) > 0;)
                {
                    output.AddRange(buffer[..count]);
                    if (count < block)
                        break;
                }
                return reader.Read(buffer) == 0 && output.SequenceEqual(Expected(input, rate));
            }, iter: 60);

    [Fact]
    public void A_resampling_reader_that_is_restarted_gives_what_a_new_one_gives()
        => Gen.Select(AnyRate, Gen.Int[0, 30000], Gen.Int[1, 30000], Gen.Int[0, 12000])
            .Sample((rate, length, lengthBefore, readBefore) =>
            {
                using var reader =
                    new ResamplingReader(new AudioClip(Tone.Sweep(30, rate / 3.0, rate, lengthBefore), rate).OpenReader(), 16000);
                reader.Read(new float[readBefore]);
                float[] input = Tone.Sweep(20, rate / 2.0, rate, length), expected = Expected(input, rate),
                    output = new float[expected.Length + 1];
                reader.Restart(new AudioClip(input, rate).OpenReader());
                return reader.Read(output) == expected.Length && output[..^1].SequenceEqual(expected);
            }, iter: 60);

    [Fact]
    public void The_conversion_is_linear()
        => Gen.Select(AnyRate, Signal, Signal, Gen.Float[-2, 2])
            .Sample((rate, a, b, gain) =>
            {
                int length = Math.Min(a.Length, b.Length);
                float[] mixed = a.Zip(b, (x, y) => x + gain * y).ToArray();
                float[] ofA = Expected(a[..length], rate);
                float[] ofB = Expected(b[..length], rate);
                return Tone.LargestError(Expected(mixed, rate), .., n => ofA[n] + gain * (double)ofB[n]) < 2e-5;
            }, iter: 100);

    [Fact]
    public void The_output_lasts_as_long_as_the_input_rounded_up()
        => Gen.Select(AnyRate, AnyRate, Gen.Int[0, 5000])
            .Sample((from, to, length) =>
                Resampler.Resample(new float[length], from, to).Length == (int)Math.Ceiling((decimal)length * to / from), iter: 100);

    [Fact]
    public void Equal_rates_change_nothing()
        => Signal.Sample(signal => Resampler.Resample(signal, 44100, 44100).SequenceEqual(signal), iter: 50);

    [Fact]
    public void Memory_does_not_grow_with_the_recording()
    {
        var resampler = new Resampler(44100, 16000);
        var input = new float[4096];
        var output = new float[4096];
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int i = 0; i < 50; i++)
                resampler.Process(input, output, out _);
        }));
    }

    [Theory, InlineData(7999, 16000), InlineData(16000, 192001), InlineData(0, 0), InlineData(-44100, 16000)]
    public void A_rate_out_of_range_is_refused(int from, int to)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new Resampler(from, to));

    [Fact]
    public void Input_after_the_end_is_refused()
    {
        var resampler = new Resampler(8000, 16000);
        resampler.Flush(new float[1]);
        Assert.Throws<InvalidOperationException>(() => resampler.Process([1f], new float[8], out _));
    }

    private static float[] Expected(float[] input, int rate) => Resampler.Resample(input, rate, 16000);

    private static float[] InBlocks(float[] input, int rate, int[] inputBlocks, int[] outputBlocks)
    {
        var resampler = new Resampler(rate, 16000);
        var output = new List<float>();
        int start = 0;
        for (int turn = 0; start < input.Length; turn++)
        {
            var block = new float[outputBlocks[turn % outputBlocks.Length]];
            int end = Math.Min(input.Length, start + inputBlocks[turn % inputBlocks.Length]);
            int written = resampler.Process(input.AsSpan(start, end - start), block, out int consumed);
            start += consumed;
            output.AddRange(block.AsSpan(0, written));
        }
        for (int turn = 0; ; turn++)
        {
            var block = new float[outputBlocks[turn % outputBlocks.Length]];
            int written = resampler.Flush(block);
            output.AddRange(block.AsSpan(0, written));
            if (written < block.Length)
                return [.. output];
        }
    }
}
