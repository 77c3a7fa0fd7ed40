using Whence.Authoring;

namespace Whence.Runtime.Tests.Explaining;

/// <summary>A box is found by short ways where there are some, and they find what the long ones do.</summary>
public sealed class BoxesInShapes
{
    private static readonly Shape[] shapes = [new(), new(5), new(3, 4), new(4, 1), new(2, 3, 4), new(1, 3, 2), new(2, 1, 3, 2)];

    [Fact]
    public void EvenRunsAreTheRuns()
    {
        var even = 0;
        foreach (var (shape, box) in Boxes())
        {
            var found = new List<(int Start, int Length)>();
            if (box.AreEven(shape, out var runs))
            {
                even++;
                found.AddRange(Enumerable.Range(0, runs.Count).Select(i => (runs.Start + i * runs.Stride, runs.Length)));
            }
            else
            {
                Assert.True(shape.Rank > 2);
                continue;
            }
            var expected = new List<(int Start, int Length)>();
            foreach (var run in box.RunsIn(shape))
                expected.Add((run.Start, run.Length));
            Assert.Equal(expected, found);
        }
        Assert.True(even > 100, $"Only {even} boxes.");
    }

    [Fact]
    public void ABoxIsInAShapeUnlessSomethingLiesOutside()
    {
        foreach (var (shape, box) in Boxes())
        {
            Assert.True(box.IsIn(shape) && box.Outside(shape) is null);
            foreach (var other in shapes)
                Assert.Equal(box.Outside(other) is null, box.IsIn(other));
        }
        foreach (var (first, extent) in new[] { (-1, 2), (4, 2), (0, 0), (0, 6), (int.MaxValue, 1), (1, int.MaxValue), (0, -1) })
        {
            var box = new Box();
            box.Set(0, first, extent);
            Assert.False(box.IsIn(new Shape(5)) || box.Outside(new Shape(5)) is null);
        }
    }

    // Every box of every shape.
    private static IEnumerable<(Shape Shape, Box Box)> Boxes() =>
        shapes.SelectMany(shape => Boxes(shape, shape.Rank - 1, new Box()).Select(box => (shape, box)));

    private static IEnumerable<Box> Boxes(Shape shape, int axis, Box box)
    {
        if (axis < 0)
            return [box];
        return from first in Enumerable.Range(0, shape[axis])
               from extent in Enumerable.Range(1, shape[axis] - first)
               from whole in Boxes(shape, axis - 1, With(box, axis, first, extent))
               select whole;
    }

    private static Box With(Box box, int axis, int first, int extent)
    {
        box.Set(axis, first, extent);
        return box;
    }
}
