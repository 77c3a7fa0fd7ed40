
        private void RescaleKeepSteps(ReadOnlySpan<float> reference, int rows, Span<float> arena)
        {
            var image_0 = reference; // [1, 28, 28]
            var conv1_0 = arena.Slice(0, rows * 5408); // [32, 13, 13]
            var relu_0 = arena.Slice(rows * 5408, rows * 5408); // [32, 13, 13]
            var conv2_0 = arena.Slice(rows * 10816, rows * 1600); // [64, 5, 5]
            var edges_0 = arena.Slice(rows * 5408, rows * 1600); // [64, 5, 5]
            var fc1_0 = arena.Slice(rows * 7008, rows * 128); // [128]
            var active_0 = arena.Slice(rows * 5408, rows * 128); // [128]

            // conv1_0 = Conv1(image) [32, 13, 13]
            Kernels.Convolve.Affine(image_0, Conv1Weights, Conv1Bias, conv1_0, rows);

            // relu_0 = Relu(Conv1(image)) [32, 13, 13]
            Kernels.Loop.Map(default(RescaleReluValue), relu_0, rows, 5408, new Kernels.Operand(conv1_0, 5408));

            // conv2_0 = Conv2(Relu(Conv1(image))) [64, 5, 5]
            Kernels.Convolve.Affine(relu_0, Conv2Weights, Conv2Bias, conv2_0, rows);

            // edges_0 = Relu(Conv2(Relu(Conv1(image)))) [64, 5, 5]
            Kernels.Loop.Map(default(RescaleReluValue), edges_0, rows, 1600, new Kernels.Operand(conv2_0, 1600));

            // fc1_0 = Fc1(Flatten(edges)) [128]
            Kernels.MatMul.Affine(edges_0, Fc1Weights, Fc1Bias, fc1_0, rows);

            // active_0 = Relu(Fc1(Flatten(edges))) [128]
            Kernels.Loop.Map(default(RescaleReluValue), active_0, rows, 128, new Kernels.Operand(fc1_0, 128));
        }

        private void RescaleForwardSteps(in BackwardArguments<float> arguments, Span<float> arena)
        {
            var rows = arguments.Rows;
            var image = arguments.X; // [1, 28, 28]
            var conv1 = arena.Slice(0, rows * 5408); // [32, 13, 13]
            var relu = arena.Slice(rows * 5408, rows * 5408); // [32, 13, 13]
            var conv2 = arena.Slice(rows * 10816, rows * 1600); // [64, 5, 5]
            var edges = arena.Slice(rows * 5408, rows * 1600); // [64, 5, 5]
            var fc1 = arena.Slice(rows * 8608, rows * 128); // [128]
            var active = arena.Slice(rows * 8736, rows * 128); // [128]
            var fc2 = arena.Slice(rows * 5408, rows * 10); // [10]

            // conv1 = Conv1(image) [32, 13, 13]
            Kernels.Convolve.Affine(image, Conv1Weights, Conv1Bias, conv1, rows);

            // relu = Relu(Conv1(image)) [32, 13, 13]
            Kernels.Loop.Map(default(RescaleReluValue), relu, rows, 5408, new Kernels.Operand(conv1, 5408));

            // conv2 = Conv2(Relu(Conv1(image))) [64, 5, 5]
            Kernels.Convolve.Affine(relu, Conv2Weights, Conv2Bias, conv2, rows);
            Kernels.Points.Visit(in arguments, Conv2Layer, conv2, 1600, 64);

            // edges = Relu(Conv2(Relu(Conv1(image)))) [64, 5, 5]
            Kernels.Loop.Map(default(RescaleReluValue), edges, rows, 1600, new Kernels.Operand(conv2, 1600));

            // fc1 = Fc1(Flatten(edges)) [128]
            Kernels.MatMul.Affine(edges, Fc1Weights, Fc1Bias, fc1, rows);

            // active = Relu(Fc1(Flatten(edges))) [128]
            Kernels.Loop.Map(default(RescaleReluValue), active, rows, 128, new Kernels.Operand(fc1, 128));
            Kernels.Points.Visit(in arguments, ActiveLayer, active, 128, 1);

            // fc2 = Fc2(active) [10]
            Kernels.MatMul.Affine(active, Fc2Weights, Fc2Bias, fc2, rows);
            Kernels.Points.Visit(in arguments, Output, fc2, 10, 1);
            Kernels.Points.Visit(in arguments, OutputLogits, fc2, 10, 1);
        }

        private void RescalePartsOfConv2LayerSteps(in BackwardArguments<float> arguments, Span<float> arena)
        {
            var rows = arguments.Rows;
            var keptRow = arguments.ReferenceRows == 1 ? 0 : 7264;
            var conv2 = arena.Slice(rows * 10816, rows * 1600); // [64, 5, 5]
            var conv2_0 = arguments.Kept[5408..]; // [64, 5, 5]
            var conv2P = arena.Slice(rows * 5408, rows * 1600); // [64, 5, 5]
            var conv2N = arena.Slice(rows * 7008, rows * 1600); // [64, 5, 5]

            // Conv2's positive part: conv2P = max(conv2 - conv2_0, 0) [64, 5, 5]
            Kernels.Loop.Map(default(RescalePositivePart), conv2P, rows, 1600, new Kernels.Operand(conv2, 1600),
                new Kernels.Operand(conv2_0, keptRow));

            // Conv2's negative part: conv2N = min(conv2 - conv2_0, 0) [64, 5, 5]
            Kernels.Loop.Map(default(RescaleNegativePart), conv2N, rows, 1600, new Kernels.Operand(conv2, 1600),
                new Kernels.Operand(conv2_0, keptRow));

            Kernels.Points.Deltas(in arguments, conv2P, conv2N, 1600, 64);
        }

        private void RescalePartsOfActiveLayerSteps(in BackwardArguments<float> arguments, Span<float> arena)
        {
            var rows = arguments.Rows;
            var keptRow = arguments.ReferenceRows == 1 ? 0 : 7264;
            var active = arena.Slice(rows * 8736, rows * 128); // [128]
            var active_0 = arguments.Kept[7136..]; // [128]
            var activeP = arena.Slice(rows * 5408, rows * 128); // [128]
            var activeN = arena.Slice(rows * 5536, rows * 128); // [128]

            // active's positive part: activeP = max(active - active_0, 0) [128]
            Kernels.Loop.Map(default(RescalePositivePart), activeP, rows, 128, new Kernels.Operand(active, 128),
                new Kernels.Operand(active_0, keptRow));

            // active's negative part: activeN = min(active - active_0, 0) [128]
            Kernels.Loop.Map(default(RescaleNegativePart), activeN, rows, 128, new Kernels.Operand(active, 128),
                new Kernels.Operand(active_0, keptRow));

            Kernels.Points.Deltas(in arguments, activeP, activeN, 128, 1);
        }

        private void RescaleBelowOutputSteps(in BackwardArguments<float> arguments, Span<float> arena, Span<float> back)
        {
            var rows = arguments.Rows;
            var mFc2 = back.Slice(rows * 5536, rows * 10); // [10]
            var mActive = back.Slice(rows * 5408, rows * 128); // [128]

            // Back through Fc2(active): mActive = Fc2^T * mFc2 [128]
            Kernels.MatMul.Affine(mFc2, Fc2BackWeights, [], mActive, rows);
        }

        private void RescaleBelowActiveLayerSteps(in BackwardArguments<float> arguments, Span<float> arena, Span<float> back)
        {
            var rows = arguments.Rows;
            var keptRow = arguments.ReferenceRows == 1 ? 0 : 7264;
            var conv2 = arena.Slice(rows * 10816, rows * 1600); // [64, 5, 5]
            var fc1 = arena.Slice(rows * 8608, rows * 128); // [128]
            var conv2_0 = arguments.Kept[5408..]; // [64, 5, 5]
            var mActive = back.Slice(rows * 5408, rows * 128); // [128]
            var fc1_0 = arguments.Kept[7008..]; // [128]
            var mFc1 = back.Slice(rows * 7008, rows * 128); // [128]
            var mFlatten = back.Slice(rows * 5408, rows * 1600); // [1600]
            var mConv2 = back.Slice(rows * 12416, rows * 1600); // [64, 5, 5]

            // Back through Relu(Fc1(Flatten(edges))): mFc1 = mActive * Relu[fc1_0, fc1] [128]
            Kernels.Loop.Map(default(RescaleThroughReluSecant), mFc1, rows, 128, new Kernels.Operand(mActive, 128),
                new Kernels.Operand(fc1, 128), new Kernels.Operand(fc1_0, keptRow));

            // Back through Fc1(Flatten(edges)): mFlatten = Fc1^T * mFc1 [1600]
            Kernels.MatMul.Affine(mFc1, Fc1BackWeights, [], mFlatten, rows);

            // Back through Relu(Conv2(Relu(Conv1(image)))): mConv2 = mFlatten * Relu[conv2_0, conv2] [64, 5, 5]
            Kernels.Loop.Map(default(RescaleThroughReluSecant), mConv2, rows, 1600, new Kernels.Operand(mFlatten, 1600),
                new Kernels.Operand(conv2, 1600), new Kernels.Operand(conv2_0, keptRow));
        }

        private void RescaleBelowConv2LayerSteps(in BackwardArguments<float> arguments, Span<float> arena, Span<float> back)
        {
            var rows = arguments.Rows;
            var keptRow = arguments.ReferenceRows == 1 ? 0 : 7264;
            var conv1 = arena.Slice(0, rows * 5408); // [32, 13, 13]
            var mConv2 = back.Slice(rows * 12416, rows * 1600); // [64, 5, 5]
            var mRelu = back.Slice(rows * 5408, rows * 5408); // [32, 13, 13]
            var conv1_0 = arguments.Kept; // [32, 13, 13]
            var mConv1 = back.Slice(rows * 10816, rows * 5408); // [32, 13, 13]
            var mImage = back.Slice(0, rows * 784); // [1, 28, 28]

            // Back through Conv2(Relu(Conv1(image))): mRelu = Conv2^T * mConv2 [32, 13, 13]
            Kernels.Convolve.Affine(mConv2, Conv2BackWeights, [], mRelu, rows);

            // Back through Relu(Conv1(image)): mConv1 = mRelu * Relu[conv1_0, conv1] [32, 13, 13]
            Kernels.Loop.Map(default(RescaleThroughReluSecant), mConv1, rows, 5408, new Kernels.Operand(mRelu, 5408),
                new Kernels.Operand(conv1, 5408), new Kernels.Operand(conv1_0, keptRow));

            // Back through Conv1(image): mImage = Conv1^T * mConv1 [1, 28, 28]
            Kernels.Convolve.Affine(mConv1, Conv1BackWeights, [], mImage, rows);
        }
