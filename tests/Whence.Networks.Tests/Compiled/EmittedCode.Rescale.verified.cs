        /// <summary>The reference's forward pass: what backward passes by Rescale need of it.</summary>
        public void RescaleKeep(ReadOnlySpan<float> reference, Span<float> kept, int rows)
        {
            using var scratch = Kernels.Scratch.Rent(rows * 12416);
            var arena = scratch.Span;
            RescaleKeepSteps(reference, rows, arena);
            var conv1_0 = arena.Slice(0, rows * 5408); // [32, 13, 13]
            var conv2_0 = arena.Slice(rows * 10816, rows * 1600); // [64, 5, 5]
            var fc1_0 = arena.Slice(rows * 7008, rows * 128); // [128]
            var active_0 = arena.Slice(rows * 5408, rows * 128); // [128]
            Kernels.Points.Out(new Kernels.Operand(conv1_0, 5408), kept, 0, 7264, rows, 5408, 1);
            Kernels.Points.Out(new Kernels.Operand(conv2_0, 1600), kept, 5408, 7264, rows, 1600, 1);
            Kernels.Points.Out(new Kernels.Operand(fc1_0, 128), kept, 7008, 7264, rows, 128, 1);
            Kernels.Points.Out(new Kernels.Operand(active_0, 128), kept, 7136, 7264, rows, 128, 1);
        }

        /// <summary>Walks back by Rescale: the forward pass, then each answer's multipliers from arguments.From down to arguments.To.</summary>
        public void Rescale(in BackwardArguments<float> arguments)
        {
            var rows = arguments.Rows;
            // Where several answers go back, none may write over what the next reads of the forward pass.
            var shift = arguments.Answers > 1 ? rows * 7008 : 0;
            using var scratch = Kernels.Scratch.Rent(rows * 16224 + shift);
            var arena = scratch.Span;
            RescaleForwardSteps(in arguments, arena);
            if (arguments.To is Conv2Layer)
                RescalePartsOfConv2LayerSteps(in arguments, arena);
            if (arguments.To is ActiveLayer)
                RescalePartsOfActiveLayerSteps(in arguments, arena);
            for (var answer = 0; answer < arguments.Answers; answer++)
                RescaleBack(arguments.Of(answer), arena, arena[shift..]);
        }

        private void RescaleBack(in BackwardArguments<float> arguments, Span<float> arena, Span<float> back)
        {
            var rows = arguments.Rows;
            var started = false;
            var mFc2 = back.Slice(rows * 5536, rows * 10); // [10]
            var mActive = back.Slice(rows * 5408, rows * 128); // [128]
            var mConv2 = back.Slice(rows * 12416, rows * 1600); // [64, 5, 5]
            var mImage = back.Slice(0, rows * 784); // [1, 28, 28]

            // fc2
            mFc2.Clear();
            Kernels.Points.Seed(in arguments, Output, mFc2, 10, 1);
            Kernels.Points.Seed(in arguments, OutputLogits, mFc2, 10, 1);
            if (arguments.To is Output or OutputLogits)
            {
                Kernels.Points.End(in arguments, mFc2, mFc2, 10, 1);
                return;
            }
            started |= arguments.From is Output or OutputLogits;
            if (started)
                RescaleBelowOutputSteps(in arguments, arena, back);
            else
                mActive.Clear();

            // active
            Kernels.Points.Seed(in arguments, ActiveLayer, mActive, 128, 1);
            if (arguments.To is ActiveLayer)
            {
                Kernels.Points.End(in arguments, mActive, mActive, 128, 1);
                return;
            }
            started |= arguments.From is ActiveLayer;
            if (started)
                RescaleBelowActiveLayerSteps(in arguments, arena, back);
            else
                mConv2.Clear();

            // conv2
            Kernels.Points.Seed(in arguments, Conv2Layer, mConv2, 1600, 64);
            if (arguments.To is Conv2Layer)
            {
                Kernels.Points.End(in arguments, mConv2, mConv2, 1600, 64);
                return;
            }
            started |= arguments.From is Conv2Layer;
            if (started)
                RescaleBelowConv2LayerSteps(in arguments, arena, back);
            else
                mImage.Clear();

            // The inputs
            Kernels.Points.End(in arguments, mImage, mImage, 0, InputSize, 784, 1);
        }
