using Whence.CompilerServices;
using Whence.Pictures;

namespace Whence.Tests.Pictures;

public class ExplainedTests
{
    [Fact]
    public void An_explainers_answer_is_shown_with_all_its_numbers()
    {
        var shown = Explained.Of(new Weighted().IntegratedGradients([1, 2, 3, 4], Target.Unit(0), options: new PathOptions { Steps = 7 }));

        Assert.Equal("Integrated gradients", shown.Method);
        Assert.Equal("midpoint, 7 steps", shown.Detail);
        Assert.Equal("unit 0", shown.Target);
        Assert.Equal("zeros", shown.Reference);
        Assert.Equal(new Shape(2), shown.Shape);
        Assert.Equal([1, 4], shown.Scores.ToArray());
        Assert.Equal((30, 0), (shown.Output, shown.ReferenceOutput));
        Assert.Equal(30, shown.Sum!.Value, 1e-5);
        Assert.Equal(0, shown.Gap!.Value, 1e-5);
        Assert.NotNull(shown.RelativeGap);
    }

    [Fact]
    public void Another_input_can_be_shown_and_an_unknown_one_is_refused()
    {
        var why = new Weighted().GradientTimesInput([1, 2, 3, 4], Target.Unit(0));

        Assert.Equal([9, 16], Explained.Of(why, input: "b").Scores.ToArray());
        Assert.Equal(new Shape(1, 2), Explained.Of(why, input: "b").Shape);
        Assert.Contains("\"c\"", Assert.Throws<ArgumentException>(() => Explained.Of(why, input: "c")).Message);
        Assert.Equal("mine", Explained.Of(why, method: "mine").Method);
    }

    [Fact]
    public void A_method_without_a_reference_shows_none()
    {
        var shown = Explained.Of(new Weighted().Gradient([1, 2, 3, 4], Target.Unit(0)));

        Assert.Equal(("Gradient", "", ""), (shown.Method, shown.Detail, shown.Reference));
        Assert.Null(shown.ReferenceOutput);
        Assert.Null(shown.Gap);
    }

    [Theory]
    [InlineData("IntegratedGradients", "Integrated gradients")]
    [InlineData("DeepLift", "DeepLIFT")]
    [InlineData("LayerDeepLift", "Layer DeepLIFT")]
    [InlineData("GradCam", "Grad-CAM")]
    [InlineData("DeconvNetTimesInput", "DeconvNet times input")]
    [InlineData("GuidedBackpropRescale", "Guided backprop Rescale")]
    public void Methods_are_named_as_their_authors_write_them(string name, string words) => Assert.Equal(words, Explained.Words(name));

    /// <summary>1 a0 + 2 a1 + 3 b0 + 4 b1.</summary>
    private sealed class Weighted : IIntegratedGradientsNetwork, IHostPasses<float>
    {
        private static readonly float[] Weights = [1, 2, 3, 4];

        public Signature Signature { get; } = new()
        {
            Name = "Weighted",
            Inputs = [new TensorInfo("a", new Shape(2)), new TensorInfo("b", new Shape(1, 2))],
            Outputs = [new TensorInfo("y", new Shape(1))],
            Points = [new NetworkPoint("y", new Shape(1), PointKind.Output), new NetworkPoint("y", new Shape(1), PointKind.Logits)],
            Passes = [Pass.Gradient],
            ChunkRows = 8,
        };

        public void Forward(ReadOnlySpan<float> x, int point, Span<float> value, int rows)
        {
            for (var row = 0; row < rows; row++)
            {
                value[row] = 0;
                for (var i = 0; i < 4; i++)
                    value[row] += Weights[i] * x[4 * row + i];
            }
        }

        public int KeptSize(Pass pass) => 0;

        public void Keep(Pass pass, ReadOnlySpan<float> reference, Span<float> kept, int rows)
        {
        }

        public void Backward(Pass pass, ref BackwardArguments<float> arguments)
        {
            for (var i = 0; i < 4 * arguments.Rows; i++)
                arguments.Multipliers[i] = Weights[i % 4] * arguments.Seed[arguments.SeedRows == 1 ? 0 : i / 4];
            if (!arguments.FromValue.IsEmpty)
                Forward(arguments.X, arguments.From, arguments.FromValue, arguments.Rows);
        }

        public string? FirstNonFinite(ReadOnlySpan<float> x) => null;
    }
}
