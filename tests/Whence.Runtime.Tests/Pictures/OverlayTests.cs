using System.Buffers.Binary;
using System.Text;
using Whence.Pictures;

namespace Whence.Tests.Pictures;

public class OverlayTests
{
    [Fact]
    public void The_overlay_is_three_tenths_grey_and_seven_tenths_colour()
    {
        var original = new Picture(2, 2, 1, [100, 100, 200, 0]);

        // 50th percentiles: of 2, -4, 1, 0 it is 0.5 and 0.5, so all but 0 are full.
        Assert.Equal([1, -1, 1, 0], Overlay.Mask([2, -4, 1, 0], new Shape(2, 2), percentile: 50));

        // At 100 the scale is max(|2|, |-4|) = 4.
        var seen = Overlay.Draw(original, [2, -4, 1, 0], new Shape(2, 2), percentile: 100);
        Assert.Equal([30, 119, 30], seen[0, 0].ToArray());
        Assert.Equal([208, 30, 30], seen[1, 0].ToArray());
        Assert.Equal([60, 105, 60], seen[0, 1].ToArray());
        Assert.Equal([0, 0, 0], seen[1, 1].ToArray());
    }

    [Fact]
    public void Channels_are_averaged_with_their_sign()
    {
        Assert.Equal([0, 1], Overlay.Mask([3, 1, -3, 1], new Shape(2, 1, 2), percentile: 100));
        Assert.Equal([0, 0], Overlay.Mask([0, 0], new Shape(1, 2)));
    }

    [Fact]
    public void Other_colours_and_sizes()
    {
        var original = new Picture(1, 1, 3, [0, 0, 0]);
        Assert.Equal([0, 0, 178], Overlay.Draw(original, [1], new Shape(1, 1), positive: new Colour(0, 0, 255))[0, 0].ToArray());
        Assert.Equal((3, 3), (Overlay.Draw(original, [1], new Shape(1, 1), enlarge: 3).Width,
            Overlay.Draw(original, [1], new Shape(1, 1), enlarge: 3).Height));
        Assert.Contains("2 x 1", Assert.Throws<ArgumentException>(() => Overlay.Draw(original, [1, 2], new Shape(1, 2))).Message);
    }

    [Fact]
    public void An_animation_is_a_png_of_its_first_frame_with_all_frames_in_order()
    {
        var frames = Enumerable.Range(0, 51).Select(i => new Picture(2, 1, 3, [(byte)i, 1, 2, 3, 4, 5])).ToArray();

        var file = Animation.Write(frames, milliseconds: 80, plays: 2);

        Assert.Equal(frames[0].Pixels.ToArray(), Png.Read(file).Pixels.ToArray());
        var chunks = Chunks(file);
        Assert.Equal(["IHDR", "acTL", "fcTL", "IDAT", "fcTL", "fdAT", "fcTL", "fdAT"], chunks.Take(8).Select(chunk => chunk.Type));
        Assert.Equal("IEND", chunks[^1].Type);
        Assert.Equal((51, 2),
            (BinaryPrimitives.ReadInt32BigEndian(chunks[1].Data), BinaryPrimitives.ReadInt32BigEndian(chunks[1].Data.AsSpan(4))));
        Assert.Equal(Enumerable.Range(0, 101),
            chunks.Where(chunk => chunk.Type is "fcTL" or "fdAT").Select(chunk => BinaryPrimitives.ReadInt32BigEndian(chunk.Data)));
        var control = chunks[2].Data.AsSpan(4);
        Assert.Equal([0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 80, 1000 >> 8, 1000 & 255, 0, 0], control.ToArray());
    }

    [Fact]
    public void Each_later_frame_holds_its_own_pixels()
    {
        var frames = Enumerable.Range(0, 3).Select(i => new Picture(2, 1, 1, [(byte)i, (byte)(7 * i)])).ToArray();
        var chunks = Chunks(Animation.Write(frames));
        var still = Png.Write(frames[0]);
        foreach (var (data, frame) in chunks.Where(chunk => chunk.Type == "fdAT").Zip(frames.Skip(1)))
            Assert.Equal(Chunks(Png.Write(frame)).Single(chunk => chunk.Type == "IDAT").Data, data.Data[4..]);
        Assert.Equal(Chunks(still).Single(chunk => chunk.Type == "IDAT").Data, chunks.Single(chunk => chunk.Type == "IDAT").Data);
    }

    [Fact]
    public void Frames_of_two_kinds_or_none_are_refused()
    {
        Assert.Contains("at least one frame", Assert.Throws<ArgumentException>(() => Animation.Write([])).Message);
        Assert.Contains("frame 1 has 2 x 1",
            Assert.Throws<ArgumentException>(() => Animation.Write([new Picture(1, 1, 1, [0]), new Picture(2, 1, 1, [0, 0])])).Message);
        Assert.Contains("70000",
            Assert.Throws<ArgumentOutOfRangeException>(() => Animation.Write([new Picture(1, 1, 1, [0])], 70_000)).Message);
    }

    private static List<(string Type, byte[] Data)> Chunks(byte[] file)
    {
        var chunks = new List<(string Type, byte[] Data)>();
        for (var at = 8; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            chunks.Add((Encoding.ASCII.GetString(file, at + 4, 4), file[(at + 8)..(at + 8 + length)]));
            at += 12 + length;
        }
        return chunks;
    }
}
